/**
 * Methods that the extension cus:recipient adds to nms:recipient.
 */

/**
 * Moves what belongs to a duplicate to the recipient that is kept, then opts the duplicate out.
 * @param entity the duplicate, as XML: the method is not static.
 */
function nms_recipient_MergeInto(entity, survivorId) {
  var duplicateId = parseInt(entity.@id, 10);
  if (!duplicateId || duplicateId == survivorId)
    logError("A recipient cannot be merged into itself (" + survivorId + ").");

  var moved = 0;
  moved += moveRows("cus:purchase", "purchase", duplicateId, survivorId);
  moved += moveRows("nms:propositionRcp", "propositionRcp", duplicateId, survivorId);

  entity.@blackList = 1;
  entity.@text3 = "Merged into " + survivorId;
  return [entity, moved];
}

function moveRows(schemaId, element, fromId, toId) {
  var rows = xtk.queryDef.create(
    <queryDef schema={schemaId} operation="select" lineCount="5000">
      <select><node expr="@id"/></select>
      <where><condition expr={"[@recipient-id] = " + fromId}/></where>
    </queryDef>).ExecuteQuery();

  var changes = <collection xtkschema={schemaId}/>;
  for each (var row in rows.elements())
    changes.appendChild(<{element} _operation="update" _key="@id" id={row.@id} recipient-id={toId}/>);
  if (changes.elements().length() > 0)
    xtk.session.WriteCollection(changes);
  return changes.elements().length();
}
