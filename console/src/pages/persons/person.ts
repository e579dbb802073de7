// What is sent of a person. Pure.
import type { Dayjs } from 'dayjs';
import type { NewPerson, Person, PersonChange } from '~/api/personTypes';
import { written } from '~/ui/text';

export interface PersonValues {
  agency?: string;
  name: string;
  position?: string;
  email?: string | null;
  phone?: string | null;
  since?: Dayjs | null;
}

// What is left empty of somebody known empties what stood there.
export function changeOf(values: PersonValues): PersonChange & { name: string } {
  return {
    name: written(values.name).replace(/\s+/g, ' '),
    position: written(values.position),
    email: written(values.email),
    phone: written(values.phone),
  };
}

// What is left empty of somebody new is not sent.
export function newOf(values: PersonValues & { agency: string }): NewPerson {
  const { name, ...rest } = changeOf(values);
  return {
    agency: values.agency,
    name,
    ...(values.since ? { since: values.since.format('YYYY-MM-DD') } : {}),
    ...Object.fromEntries(Object.entries(rest).filter(([, text]) => text !== '')),
  };
}

// Of two records of one person the older one stays: more refers to it.
export function proposeKeep(a: Person, b: Person): { keep: Person; gone: Person } {
  const began = (person: Person) => person.since ?? '9';
  const [keep, gone] = began(b) < began(a) ? [b, a] : [a, b];
  return { keep, gone };
}
