// A QR code drawn in the browser: what it holds is told to nobody.
import qrcode from 'qrcode-generator';

// Level M, as small as the text allows; UTF-8, as telephones read it.
export function QrCode({ text, label, size }: { text: string; label: string; size: number }) {
  const code = qrcode(0, 'M');
  const bytes = new TextEncoder().encode(text);
  code.addData(String.fromCharCode(...bytes), 'Byte');
  code.make();
  const count = code.getModuleCount();
  let path = '';
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      if (code.isDark(row, column)) path += `M${column + 4} ${row + 4}h1v1h-1z`;
    }
  }
  return (
    <svg
      role="img"
      aria-label={label}
      width={size}
      height={size}
      viewBox={`0 0 ${count + 8} ${count + 8}`}
      shapeRendering="crispEdges"
    >
      <rect width="100%" height="100%" fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}
