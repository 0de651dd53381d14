/**
 * Methods of the schema cus:loyalty. The server calls <namespace>_<schema>_<Method>.
 */
loadLibrary("cus:purchase.js");

var LOYALTY_TIERS = [
  { name: "gold", value: 3, from: 1000 },
  { name: "silver", value: 2, from: 400 },
  { name: "bronze", value: 1, from: 1 }
];

function tierOf(points) {
  for (var i = 0; i < LOYALTY_TIERS.length; i++)
    if (points >= LOYALTY_TIERS[i].from)
      return LOYALTY_TIERS[i];
  return { name: "none", value: 0, from: 0 };
}

function cus_loyalty_GetTier(points) {
  return tierOf(points).name;
}

function cus_loyalty_Recompute(recipientId) {
  var oneYearAgo = new Date(new Date().getTime() - 365 * 24 * 3600 * 1000);
  var points = Math.floor(purchaseTotal(recipientId, oneYearAgo).total);
  var tier = tierOf(points);
  xtk.session.Write(
    <recipient xtkschema="nms:recipient" _operation="update" _key="@id"
               id={recipientId} loyaltyPoints={points} loyaltyTier={tier.value}/>);
  return [points, tier.name];
}
