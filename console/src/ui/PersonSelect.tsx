// A person, found by any part of the name, with diacritics or without; the hub does the finding. As a field of a form.
import { Select } from 'antd';
import { useState } from 'react';
import { usePersonsFound } from '~/api/persons';
import type { Person } from '~/api/personTypes';
import { useLanguage } from '~/i18n';

interface Common {
  id?: string;
  agency?: string | undefined; // Out of this agency and those below it.
  without?: string | null | undefined; // Not this one.
  known?: { id: string; name: string } | null; // Shown before anything was searched for.
  label?: string;
}
interface Props extends Common {
  value?: string;
  onChange?: (person: string | undefined, chosen?: Person) => void;
}

// Beside the name what tells two of the same name apart.
const labelOf = (person: Person) =>
  [person.name, [person.position, person.agency.name].filter(Boolean).join(', ')].filter(Boolean).join(' – ');

function useFound({ agency, without, known }: Common) {
  const { t } = useLanguage();
  const [q, setQ] = useState('');
  const found = usePersonsFound(q, agency);
  const people = (found.data ?? []).filter((each) => each.id !== without);
  const options = people.map((each) => ({ value: each.id, label: labelOf(each) }));
  if (known && !options.some((each) => each.value === known.id))
    options.push({ value: known.id, label: known.name });
  return {
    people,
    field: {
      showSearch: { filterOption: false as const, onSearch: setQ },
      options,
      loading: found.isFetching,
      placeholder: t('persons.choose'),
      notFoundContent: t(found.isFetching ? 'page.loading' : 'persons.none_called'),
    },
  };
}

export function PersonSelect(props: Props) {
  const { id, value, onChange, label } = props;
  const { people, field } = useFound(props);
  return (
    <Select
      {...(id ? { id } : {})}
      {...(value ? { value } : {})}
      {...(label ? { 'aria-label': label } : {})}
      allowClear
      onChange={(chosen: string | undefined) =>
        onChange?.(
          chosen,
          people.find((each) => each.id === chosen),
        )
      }
      {...field}
    />
  );
}

export function PersonsSelect({
  value,
  onChange,
  ...common
}: Common & { value?: string[]; onChange?: (persons: string[]) => void }) {
  const { field } = useFound(common);
  return (
    <Select
      {...(common.id ? { id: common.id } : {})}
      mode="multiple"
      value={value ?? []}
      onChange={(chosen: string[]) => onChange?.(chosen)}
      {...field}
    />
  );
}
