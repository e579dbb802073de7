// The one way out of this console: to the sign-in portal that the hub names, which leads back here.
const loopback = ['127.0.0.1', 'localhost', '[::1]'];

// Whether an address may be a portal's: encrypted, or a test's on this very machine.
export function isPortal(address: string): boolean {
  try {
    const { protocol, hostname, username } = new URL(address);
    if (username !== '') return false;
    return protocol === 'https:' || (protocol === 'http:' && loopback.includes(hostname));
  } catch {
    return false;
  }
}

// False where the address is none to go to.
export function goToPortal(address: string): boolean {
  if (!isPortal(address)) return false;
  window.location.assign(address);
  return true;
}
