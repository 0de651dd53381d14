/**
 * Small things that several workflows need.
 */

/** Value of an option, or the default when it is missing or empty. */
function optionOr(name, defaultValue) {
  var value = getOption(name);
  return value === null || value === undefined || value === "" ? defaultValue : value;
}

/** Calls `work` with each row of a query, page by page, so that a large answer never sits in memory. */
function forEachRow(schemaId, fields, condition, work) {
  var pageSize = 1000, lastId = 0, done = 0, rows;
  do {
    var select = <select><node expr="@id"/></select>;
    for (var i = 0; i < fields.length; i++)
      select.appendChild(<node expr={fields[i]}/>);
    rows = xtk.queryDef.create(
      <queryDef schema={schemaId} operation="select" lineCount={pageSize}>
        {select}
        <where>
          <condition expr={"@id > " + lastId}/>
          <condition expr={condition}/>
        </where>
        <orderBy><node expr="@id"/></orderBy>
      </queryDef>).ExecuteQuery().elements();
    for each (var row in rows) {
      work(row);
      lastId = parseInt(row.@id, 10);
      done++;
    }
  } while (rows.length() == pageSize);
  return done;
}

/** Text safe between the quotes of an XTK string. */
function xtkQuote(text) {
  return "'" + String(text).replace(/\\/g, "\\\\").replace(/'/g, "\\'") + "'";
}

/** Journal line with the place it comes from: [workflow/activity] message. */
function trace(message) {
  logInfo("[" + instance.internalName + "/" + activity.name + "] " + message);
}
