namespace EcommerceAI.Api.Tests;

/// <summary>A body that each command endpoint accepts, with <c>{sku}</c> for a product in stock; every fault is made from it.</summary>
internal static class CommandSamples
{
    /// <summary>Operation id in the OpenAPI document to body.</summary>
    public static IReadOnlyDictionary<string, string> Bodies { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["CreateProduct"] = """{"sku":"{new}","title":"A title","price":{"amount":1.5,"currency":"GBP"},"description":"Long","category":"Tea"}""",
        ["ChangePrice"] = """{"amount":7.25,"currency":"GBP"}""",
        ["CreatePromotion"] =
            """
            {"promotionId":"{id}","terms":{"name":"Tea weeks","discount":{"buyGet":{"buy":2,"get":1,"percent":50.5,"mostSets":3}},
             "conditions":{"from":"2024-06-01T00:00:00Z","until":"2024-07-01T00:00:00+01:00",
             "minimumAmount":{"minor":2000,"currency":"GBP"},"minimumQuantity":3,"couponCode":"TEA-24","limitTotal":1000,"limitPerCustomer":2},
             "stacking":"exclusiveOnLine","priority":7}}
            """,
        ["ChangePromotion"] = """{"terms":{"name":"Ten off","discount":{"percentOff":10}}}""",
        ["WithdrawPromotion"] = """{"reason":"sold out"}""",
        ["CreatePriceList"] =
            """
            {"priceListId":"{id}","terms":{"name":"Trade","currency":"GBP","channel":"web","customerGroup":"trade",
             "from":"2024-06-01T00:00:00Z","until":"2024-07-01T00:00:00Z","priority":10}}
            """,
        ["ChangePriceList"] = """{"terms":{"name":"Trade","currency":"GBP"}}""",
        ["SetListPrices"] = """{"prices":[{"sku":"{sku}","amount":2.2501,"minimumQuantity":10}]}""",
        ["RemoveListPrices"] = """{"skus":["{sku}"]}""",
        ["WithdrawPriceList"] = """{"reason":"new terms"}""",
        ["CreateTaxTable"] =
            """{"region":"FR","basis":"inclusive","rates":[{"taxClass":"standard","name":"TVA","percent":20}]}""",
        ["ChangeTaxTable"] = """{"basis":"exclusive","rates":[{"taxClass":"standard","name":"VAT","percent":20}]}""",
        ["DescribeProduct"] =
            """{"title":"Tea pot","description":"For four","taxClass":"standard"}""",
        ["DefineOptions"] = """{"options":[{"name":"Colour","values":["red"]}]}""",
        ["AddVariant"] = """{"sku":"{new}","choices":[{"option":"Size","value":"L"}],"price":{"amount":1.5,"currency":"GBP"}}""",
        ["PublishProduct"] = """{"channels":["web"]}""",
        ["WithdrawProduct"] = """{"reason":"recalled"}""",
        ["ReceiveStock"] = """{"location":"warehouse","quantity":5,"reference":"PO 7"}""",
        ["AdjustStock"] = """{"location":"warehouse","quantity":-1,"reason":"damaged","reference":"note"}""",
        ["CountStock"] = """{"location":"warehouse","quantity":50}""",
        ["RegisterCustomer"] = """{"country":"Norway","name":"Kari","email":"kari@example.org","address":"Storgata 1\n0155 Oslo"}""",
        ["ForgetCustomer"] = """{"reference":"DSR-7"}""",
        ["PlaceOrder"] = """{"country":"Norway","lines":[{"sku":"{sku}","quantity":1}],"customerId":"{customer}","location":"warehouse"}""",
        ["CancelOrder"] = """{"reason":"changed mind"}""",
        ["ReturnGoods"] = """{"lines":[{"sku":"{sku}","quantity":1}],"reason":"chipped"}""",
    };
}
