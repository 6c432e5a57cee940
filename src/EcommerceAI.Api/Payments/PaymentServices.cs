using System.Security.Cryptography;
using System.Text;
using EcommerceAI.Api.Orders;

namespace EcommerceAI.Api.Payments;

/// <summary>How payments are run.</summary>
public sealed class PaymentOptions
{
    /// <summary>Where the settings stand.</summary>
    public const string Section = "Payments";

    /// <summary>The secret that the provider signs its notices with; where none is set, one that this process alone knows, for the sandbox.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>The longest wait for a provider's answer; 10 s by default.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a provider that does not answer is left alone; 15 s by default.</summary>
    public TimeSpan BreakerPause { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the reply to a buyer waits for the provider before it says that the payment is pending; 5 s by default.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>When an order whose payment nobody has answered is called off, after it was placed; 30 minutes by default.</summary>
    public TimeSpan PayWithin { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The wait before an operation that nobody answered is asked for again, doubled each time up to 5 minutes; 1 s by default.</summary>
    public TimeSpan Backoff { get; set; } = TimeSpan.FromSeconds(1);
}

/// <summary>The parts of payments.</summary>
internal static class PaymentServices
{
    /// <summary>Adds the provider, its guard and its notices; a real provider takes the sandbox's place here.</summary>
    public static void AddPayments(this IServiceCollection services)
    {
        services.AddOptions<PaymentOptions>().BindConfiguration(PaymentOptions.Section);
        services.AddSingleton<SandboxProvider>();
        services.AddSingleton<IPaymentProvider>(provider =>
        {
            var options = OptionsOf(provider);
            return new GuardedProvider(provider.GetRequiredService<SandboxProvider>(), options.Deadline, options.BreakerPause);
        });
        services.AddSingleton(provider => new NoticeSignature(
            OptionsOf(provider).WebhookSecret is { Length: > 0 } secret ? Encoding.UTF8.GetBytes(secret) : RandomNumberGenerator.GetBytes(32),
            provider.GetRequiredService<TimeProvider>()));
        services.AddOptions<OrderOptions>().BindConfiguration(OrderOptions.Section);
        services.AddSingleton<OrderPayments>();
        services.AddSingleton<CheckoutPlacement>();
        services.AddSingleton<OrderChangesPlan>();
        services.AddHostedService<SandboxNotices>();
    }

    private static PaymentOptions OptionsOf(IServiceProvider provider) =>
        provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<PaymentOptions>>().Value;
}
