using System.Diagnostics;

namespace EcommerceAI.Commerce.Customers;

/// <summary>Decides what is asked of a customer.</summary>
public static class CustomerDecider
{
    private const int MaxName = 200;
    private const int MaxAddress = 500;

    /// <summary>What is wrong with the command's own fields, whatever the state; empty when nothing is.</summary>
    /// <param name="command">The command.</param>
    public static IReadOnlyList<Rejection> Validate(CustomerCommand command)
    {
        var fields = new CommandFields();
        fields.Id("customerId", command.CustomerId);
        if (command is RegisterCustomer register)
        {
            fields.RequiredText("country", register.Country, CommandFields.MaxCountry);
            fields.OptionalText("name", register.Name, MaxName);
            fields.Email("email", register.Email);
            fields.OptionalText("address", register.Address, MaxAddress, multiline: true);
        }
        else if (command is ForgetCustomer forget)
        {
            fields.OptionalId("reference", forget.Reference);
        }

        return fields.Rejections;
    }

    /// <summary>
    /// Answers a command: with events, or with <c>customer_exists</c>, <c>unknown_customer</c> or what <see cref="Validate"/> found.
    /// </summary>
    /// <param name="state">The customer as it stands.</param>
    /// <param name="command">What is asked.</param>
    public static Decision Decide(Customer state, CustomerCommand command)
    {
        if (Validate(command) is { Count: > 0 } rejections) return Decision.Reject(rejections);
        return command switch
        {
            RegisterCustomer register => Register(state, register),
            ForgetCustomer forget => Forget(state, forget),
            _ => throw new UnreachableException($"No rule for {command.GetType().Name}."),
        };
    }

    private static Decision Register(Customer state, RegisterCustomer command) => state.Exists
        ? Decision.Reject("customer_exists", $"Customer {command.CustomerId} is already registered.", "customerId")
        : Decision.Accept(new CustomerRegistered(
            command.CustomerId, command.Country.Trim(), CommandFields.Clean(command.Name), CommandFields.Clean(command.Email),
            CommandFields.Clean(command.Address)));

    private static Decision Forget(Customer state, ForgetCustomer command) =>
        !state.Exists ? Decision.NotFound("unknown_customer", $"There is no customer {command.CustomerId}.")
        : state.IsForgotten ? Decision.Accept()
        : Decision.Accept(new CustomerForgotten(command.CustomerId, command.Reference));
}
