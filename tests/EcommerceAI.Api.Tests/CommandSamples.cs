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
        ["ChangePromotion"] = """{"terms":{"name":"Ten off","discount":{"percentOff":10},"conditions":{"couponCode":"TEN-OFF"}}}""",
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
        ["HoldStock"] = """{"location":"warehouse","holdId":"cart-7","quantity":1,"expiresAt":"{soon}","channel":"web"}""",
        ["ReleaseHold"] = """{"location":"warehouse","reason":"cart emptied"}""",
        ["AllocateStock"] = """{"location":"warehouse","orderId":"order-7","quantity":1,"holdId":"cart-7","channel":"web","backorder":true}""",
        ["DeallocateStock"] = """{"location":"warehouse","reason":"declined"}""",
        ["PickStock"] = """{"location":"warehouse","quantity":1,"reference":"pick-7"}""",
        ["ShipStock"] = """{"location":"warehouse","quantity":1,"reference":"parcel-7"}""",
        ["SetStockTerms"] = """{"location":"warehouse","safetyStock":1,"policy":"Backorder","limit":5,"date":"2099-01-01"}""",
        ["SetStockAside"] = """{"location":"warehouse","channel":"web","quantity":1}""",
        ["ExpectStock"] = """{"location":"warehouse","reference":"PO-9","quantity":5,"expectedOn":"2099-01-01"}""",
        ["ScheduleDrop"] = """{"dropId":"{slug}","sku":"{sku}","location":"warehouse","quantity":1,"startsAt":"2099-01-01T00:00:00Z","endsAt":"2099-01-02T00:00:00Z","limitPerCustomer":1,"holdSeconds":60,"queueLimit":5}""",
        ["ReserveUnits"] = """{"reservationId":"r-7","customerId":"c-7","quantity":1,"wait":true}""",
        ["GiveBackUnits"] = """{"reason":"changed mind"}""",
        ["BuyUnits"] = """{"orderId":"order-7"}""",
        ["RegisterCustomer"] = """{"country":"Norway","name":"Kari","email":"kari@example.org","address":"Storgata 1\n0155 Oslo"}""",
        ["ForgetCustomer"] = """{"reference":"DSR-7"}""",
        ["PlaceOrder"] = """{"country":"Norway","lines":[{"sku":"{sku}","quantity":1}],"customerId":"{customer}","location":"warehouse"}""",
        ["CreateCart"] = """{"currency":"GBP","channel":"web","customerId":"{customer}"}""",
        ["AddCartLine"] = """{"sku":"{sku}","quantity":2}""",
        ["ChangeCartLine"] = """{"quantity":3}""",
        ["SaveCartLine"] = """{"saved":true}""",
        ["ClaimCart"] = """{"customerId":"{customer}"}""",
        ["MergeCart"] = """{"fromCartId":"{guest}"}""",
        ["Wish"] = """{"wished":true}""",
        ["GiveAddress"] = """{"name":"Kari","email":"kari@example.org","address":"Storgata 1\n0155 Oslo","country":"Norway"}""",
        ["GiveNote"] = """{"note":"Ring twice"}""",
        ["ChooseDelivery"] = """{"optionId":"standard"}""",
        ["ChoosePayment"] = """{"method":"card","token":"tok_1"}""",
        ["EnterCoupons"] = """{"codes":[]}""",
        ["OrderCart"] = """{"expectedTotal":745}""",
        ["OfferDeliveryOption"] = """{"name":"Express","price":{"amount":9.5,"currency":"GBP"},"freeFrom":5000}""",
        ["PackShipment"] = """{"location":"warehouse","lines":[{"sku":"{sku}","quantity":1}]}""",
        ["ChangeOrder"] = """{"lines":[{"sku":"{sku}","quantity":1}],"reason":"changed mind"}""",
        ["ExchangeGoods"] = """{"lines":[{"sku":"{sku}","quantity":1}],"replacements":[{"sku":"{sku}","quantity":1}],"reason":"chipped","writeOff":true}""",
        ["RefundOrder"] = """{"amount":100,"reason":"late"}""",
        ["CancelOrder"] = """{"reason":"changed mind"}""",
        ["ReturnGoods"] = """{"lines":[{"sku":"{sku}","quantity":1}],"reason":"chipped","writeOff":true}""",
    };
}
