// What a new rule begins with: complete, and found in nobody's log until it is filled in.
export const template = (id: string): string => `title: Describe what is found
id: ${id}
status: experimental
description: What happens, and why it matters
author: ''
logsource:
  product: linux
  service: sshd
detection:
  selection:
    process.name: sshd
    message|contains: 'text to look for'
  condition: selection
falsepositives:
  - What may look the same
level: medium
`;
