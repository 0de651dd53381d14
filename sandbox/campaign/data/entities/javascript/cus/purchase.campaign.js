/**
 * Purchases of a recipient. Load with loadLibrary("cus:purchase.js").
 */

/** Total of the purchases since a date, in euros. `since` is a Date; without it, everything counts. */
function purchaseTotal(recipientId, since) {
  var where = <where><condition expr={"[@recipient-id] = " + parseInt(recipientId, 10)}/>
    <condition expr="@status NOT IN ('returned', 'canceled')"/></where>;
  if (since)
    where.condition += <condition expr={"@purchaseDate >= #" + formatDate(since, "%4Y-%2M-%2D %2H:%2N:%2S") + "#"}/>;

  var query = xtk.queryDef.create(
    <queryDef schema="cus:purchase" operation="get">
      <select>
        <node expr="Sum(@amount)" alias="@total"/>
        <node expr="CountAll()" alias="@lines"/>
      </select>
      {where}
    </queryDef>);
  var row = query.ExecuteQuery();
  return { total: Number(row.@total) || 0, lines: parseInt(row.@lines, 10) || 0 };
}

/** The last purchases of a recipient, newest first, as an XMLList of <purchase>. */
function lastPurchases(recipientId, count) {
  var query = xtk.queryDef.create(
    <queryDef schema="cus:purchase" operation="select" lineCount={count || 5}>
      <select>
        <node expr="@orderNumber"/>
        <node expr="@purchaseDate"/>
        <node expr="@amount"/>
        <node expr="@channel" analyze="true"/>
        <node expr="[store/@label]"/>
        <node expr="[product/@label]"/>
      </select>
      <where>
        <condition expr={"[@recipient-id] = " + parseInt(recipientId, 10)}/>
      </where>
      <orderBy>
        <node expr="@purchaseDate" sortDesc="true"/>
      </orderBy>
    </queryDef>);
  return query.ExecuteQuery().purchase;
}

/** "1 234,50 €" as French readers expect it; the space is not to be broken. */
function formatAmount(amount) {
  var parts = Number(amount).toFixed(2).split(".");
  var thousands = parts[0].replace(/\B(?=(\d{3})+(?!\d))/g, "\u00a0");
  return thousands + "," + parts[1] + "\u00a0€";
}

/** Sends purchases to the staging table, one call each; returns how many were accepted. */
function stagePurchases(rows) {
  var accepted = 0;
  for each (var row in rows.purchase) {
    try {
      xtk.session.IngestExt(
        <purchaseStg xtkschema="cus:purchaseStg" _key="@id"
                     id={row.@id} orderNumber={row.@orderNumber} purchaseDate={row.@purchaseDate}
                     amount={row.@amount} quantity={row.@quantity} channel={row.@channel}
                     recipient-id={row.@["recipient-id"]} store-id={row.@["store-id"]} product-id={row.@["product-id"]}/>);
      accepted++;
    } catch (e) {
      logWarning("Purchase " + row.@orderNumber + " was refused: " + e);
    }
  }
  return accepted;
}
