/** An xpath as an expression takes it: in brackets where it would read as something else, e.g. `[folder/@name]`. */
export function toExpressionText(xpath: string): string {
  return /[/\-:]/.test(xpath) ? `[${xpath}]` : xpath;
}
