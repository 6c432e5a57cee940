using System.Text.Json.Nodes;
using EcommerceAI.Testing;
using NJsonSchema;
using Shouldly;
using Xunit;
using YamlDotNet.Serialization;

namespace EcommerceAI.Acceptance.House;

/// <summary>compose.yaml against the Compose Specification's own schema, and what a schema cannot say.</summary>
public sealed class ComposeFileTests
{
    private static readonly string Text = File.ReadAllText(RepositoryRoot.Combine("compose.yaml"));

    private static readonly JsonObject Services = Parse(Text)["services"]!.AsObject();

    [Fact]
    public async Task The_compose_file_is_valid_by_the_specifications_schema()
    {
        (await ErrorsOfAsync(Text)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("    image: postgres:17", "    imag: postgres:17")]
    [InlineData("    image: postgres:17", "    image: 17")]
    [InlineData("condition: service_healthy", "condition: service_wealthy")]
    [InlineData("    healthcheck:\n", "    healthcheque:\n")]
    [InlineData("      interval: 5s", "      interval: [5s]")]
    [InlineData("services:", "servers:")]
    [InlineData("  qdrant:\n    image", "  qd rant:\n    image")]
    public async Task A_broken_compose_file_is_told_apart(string right, string wrong)
    {
        Text.ShouldContain(right);

        (await ErrorsOfAsync(Text.Replace(right, wrong, StringComparison.Ordinal))).ShouldNotBeEmpty();
    }

    [Fact]
    public void The_platform_is_postgresql_the_two_search_engines_and_the_api()
    {
        Services.Select(service => service.Key).ShouldBe(["postgres", "elasticsearch", "qdrant", "api"], ignoreOrder: true);
        Image("postgres").ShouldStartWith("postgres:17");
        Image("elasticsearch").ShouldContain("elasticsearch:9.");
        Image("qdrant").ShouldStartWith("qdrant/qdrant:v1.");
    }

    [Fact]
    public void Every_service_has_a_health_check_a_memory_limit_and_a_pinned_image()
    {
        foreach (var (name, service) in Services)
        {
            service!["healthcheck"]?["test"].ShouldNotBeNull(name);
            service["mem_limit"].ShouldNotBeNull(name);
            Image(name).ShouldMatch(@":v?\d", name);
        }
    }

    [Fact]
    public void Ports_are_open_to_this_machine_only()
    {
        var ports = Services.SelectMany(service => service.Value!["ports"]!.AsArray()).Select(port => port!.GetValue<string>()).ToList();

        ports.ShouldContain("127.0.0.1:5080:5080");
        ports.ShouldAllBe(port => port.StartsWith("127.0.0.1:", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_service_names_is_declared()
    {
        var declared = Parse(Text)["volumes"]!.AsObject().Select(volume => volume.Key).ToList();
        foreach (var (name, service) in Services)
        {
            var named = service!["volumes"]!.AsArray().Select(volume => volume!.GetValue<string>().Split(':')[0]).Where(source => source != ".");
            named.ShouldBeSubsetOf(declared, name);
            var needed = service["depends_on"]?.AsObject().Select(dependency => dependency.Key) ?? [];
            needed.ShouldBeSubsetOf(Services.Select(other => other.Key), name);
        }

        Services["api"]!["depends_on"]!["postgres"]!["condition"]!.GetValue<string>().ShouldBe("service_healthy");
    }

    private static string Image(string service) => Services[service]!["image"]!.GetValue<string>();

    private static async Task<IReadOnlyList<string>> ErrorsOfAsync(string yaml)
    {
        var path = RepositoryRoot.Combine("tests", "EcommerceAI.Acceptance", "House", "ComposeSpecification", "compose-spec.json");
        var schema = await JsonSchema.FromFileAsync(path);
        return schema.Validate(Parse(yaml).ToJsonString()).Select(error => error.ToString()).ToList();
    }

    private static JsonObject Parse(string yaml)
    {
        // Plain scalars keep their YAML type (17 is a number, "17" a string), as the schema tells them apart.
        var tree = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(yaml);
        var json = new SerializerBuilder().JsonCompatible().Build().Serialize(tree);
        return JsonNode.Parse(json)!.AsObject();
    }
}
