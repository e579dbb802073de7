// The rules the hub holds a new password to, shown while it is typed. The hub decides; this only saves a round.
export const lengthMin = 12;

export interface Rule {
  key: 'length' | 'not_name' | 'not_old' | 'not_simple';
  met: boolean;
}

export function passwordRules(password: string, person: { username: string; current: string }): Rule[] {
  const lower = password.toLowerCase();
  const name = person.username.toLowerCase();
  return [
    { key: 'length', met: [...password].length >= lengthMin },
    { key: 'not_simple', met: new Set(password).size >= 6 },
    { key: 'not_name', met: password !== '' && (name.length < 3 || !lower.includes(name)) },
    { key: 'not_old', met: password !== '' && password !== person.current },
  ];
}
