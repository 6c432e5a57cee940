using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EcommerceAI.Api.Http;

namespace EcommerceAI.Api.Hosting;

/// <summary>Where and how the web server listens.</summary>
internal static class Listening
{
    private const int UsualPort = 5080;

    public static void Configure(WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["urls"]) && string.IsNullOrEmpty(builder.Configuration["http_ports"])
            && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"{Uri.UriSchemeHttp}://{IPAddress.Loopback}:{UsualPort}"));
        RefuseTakenAddress(builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey) ?? "");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.MostBytesSwallowed;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.MaxRequestLineSize = 8 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        // Whoever asks for the health is told; a line for each time somebody asked during the start only looks like a fault.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
    }

    /// <summary>Told before a database is started for nothing, and in one line; the server itself would tell it again in a race.</summary>
    private static void RefuseTakenAddress(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || !IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) || address.Port == 0)
                continue;
            try
            {
                using var probe = new TcpListener(ip, address.Port);
                probe.Start();
            }
            catch (SocketException refused)
            {
                throw new StartFailedException($"{url} cannot be listened on ({refused.Message}). Stop what listens there, or set --urls to another address.");
            }
        }
    }
}
