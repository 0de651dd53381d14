// For a workflow's JavaScript activity. What completes after `r.` is what the query selects.
var query = NLWS.xtkQueryDef.create(
  <queryDef schema="nms:recipient" operation="select" lineCount="1000">
    <select>
      <node expr="@id"/>
      <node expr="@email"/>
      <node expr="@domain"/>
      <node expr="[folder/@label]"/>
    </select>
    <where>
      <condition expr="@email IS NOT NULL"/>
    </where>
  </queryDef>);

var res = query.ExecuteQuery();
var counts = {};
for each (var r in res.recipient) {
  var domain = String(r.@domain);
  counts[domain] = (counts[domain] || 0) + 1;
}
for (var name in counts)
  logInfo(name + ": " + counts[name]);
