// A PDF beside what makes it, in the browser's own viewer.
import { useEffect, useState } from 'react';

// Browsers of phones show no PDF inside a page; there the button that hands out the file is the preview.
export const canShow = () => navigator.pdfViewerEnabled === true;
export const asPages = '#toolbar=0&navpanes=0&view=FitH';

// An address for bytes that lasts as long as they are shown.
export function useAddress(blob: Blob | undefined): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!blob) {
      setUrl(null);
      return;
    }
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}
