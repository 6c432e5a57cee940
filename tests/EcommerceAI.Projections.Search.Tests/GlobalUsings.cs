global using EcommerceAI.Testing;
global using Shouldly;
global using Xunit;
