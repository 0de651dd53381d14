/**
 * Reads and writes CSV with quotes, as spreadsheets do.
 */
function CsvWriter(separator) {
  this.separator = separator || ";";
  this.lines = [];
}

CsvWriter.prototype.quote = function(value) {
  var text = value === null || value === undefined ? "" : String(value);
  return /["\r\n]/.test(text) || text.indexOf(this.separator) >= 0
    ? '"' + text.replace(/"/g, '""') + '"'
    : text;
};

CsvWriter.prototype.add = function(values) {
  var self = this;
  this.lines.push(values.map(function(value) { return self.quote(value); }).join(this.separator));
};

CsvWriter.prototype.save = function(path) {
  var file = new File(path);
  file.open("w", File.CODEPAGE_UTF8);
  file.writeln(this.lines.join("\n"));
  file.close();
};

/** Splits one line; a separator between quotes is data. */
function parseCsvLine(line, separator) {
  var fields = [], field = "", quoted = false;
  for (var i = 0; i < line.length; i++) {
    var c = line.charAt(i);
    if (quoted) {
      if (c == '"' && line.charAt(i + 1) == '"') { field += '"'; i++; }
      else if (c == '"') quoted = false;
      else field += c;
    }
    else if (c == '"') quoted = true;
    else if (c == separator) { fields.push(field); field = ""; }
    else field += c;
  }
  fields.push(field);
  return fields;
}
