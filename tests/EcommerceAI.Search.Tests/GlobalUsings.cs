global using EcommerceAI.Search.Fusion;
global using EcommerceAI.Search.Queries;
global using EcommerceAI.Search.Text;
global using EcommerceAI.Search.Understanding;
global using EcommerceAI.Search.Vectors;
global using Shouldly;
global using Xunit;
