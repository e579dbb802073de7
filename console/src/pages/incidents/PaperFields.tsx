// The fields of a form of the pack, by their types; labels are the form's own words.
import { Button, Checkbox, DatePicker, Input, InputNumber, Radio } from 'antd';
import dayjs from 'dayjs';
import { type ReactNode, useId } from 'react';
import type { PaperFormField } from '~/api/incidentTypes';
import { useLanguage } from '~/i18n';
import { PaperTable } from './PaperTable';
import { choiceValue, chosenIds, detailOf, isEmpty, type Person, personParts } from './paperData';

export interface FieldProps {
  field: PaperFormField;
  value: unknown;
  onChange: (value: unknown) => void;
  disabled: boolean;
}

// One labelled control is a label; several belong to a group that has the label as its name.
const grouped = new Set(['choice', 'choices', 'table', 'person', 'persons']);

export function PaperField(props: FieldProps) {
  const { t, local } = useLanguage();
  const { field, value } = props;
  const id = useId();
  const lacking = field.required && isEmpty(value);
  const name = (
    <>
      {local(field.label)}
      {field.required ? (
        <span className={lacking ? 'paper-mark overdue' : 'paper-mark'}>
          {' '}
          (*)
          {lacking ? <span className="visually-hidden"> {t('paper.is_empty')}</span> : null}
        </span>
      ) : null}
    </>
  );
  const hint = field.hint ? <p className="paper-hint">{field.hint}</p> : null;
  const className = `paper-field ${lacking ? 'paper-lacking' : ''}`;
  if (grouped.has(field.type)) {
    return (
      <fieldset className={className} data-field={field.id}>
        <legend>{name}</legend>
        {hint}
        <Group {...props} />
      </fieldset>
    );
  }
  return (
    <div className={className} data-field={field.id}>
      <label htmlFor={id}>{name}</label>
      {hint}
      <Single {...props} id={id} />
    </div>
  );
}

function Single({ field, value, onChange, disabled, id }: FieldProps & { id: string }): ReactNode {
  const { t } = useLanguage();
  const text = typeof value === 'string' ? value : '';
  switch (field.type) {
    case 'long_text':
      return (
        <Input.TextArea
          id={id}
          autoSize={{ minRows: 2, maxRows: 12 }}
          value={text}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'list':
      return (
        <Input.TextArea
          id={id}
          autoSize={{ minRows: 2, maxRows: 12 }}
          placeholder={t('paper.one_per_line')}
          value={Array.isArray(value) ? value.join('\n') : ''}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value.split('\n'))}
        />
      );
    case 'date':
      return (
        <DatePicker
          id={id}
          format="DD/MM/YYYY"
          placeholder="dd/MM/yyyy"
          value={text ? dayjs(text) : null}
          disabled={disabled}
          onChange={(chosen) => onChange(chosen?.format('YYYY-MM-DD') ?? '')}
        />
      );
    case 'datetime':
      // The form's time is a wall clock of Viet Nam already.
      return (
        <DatePicker
          id={id}
          showTime={{ format: 'HH:mm' }}
          format="DD/MM/YYYY HH:mm"
          placeholder="dd/MM/yyyy HH:mm"
          needConfirm={false}
          onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
          value={text ? dayjs(text) : null}
          disabled={disabled}
          onChange={(chosen) => onChange(chosen?.format('YYYY-MM-DDTHH:mm') ?? '')}
        />
      );
    case 'number':
      return (
        <InputNumber
          id={id}
          min={0}
          precision={0}
          value={typeof value === 'number' ? value : null}
          disabled={disabled}
          onChange={(number) => onChange(number ?? undefined)}
        />
      );
    case 'flag':
      return (
        <Checkbox
          id={id}
          checked={value === true}
          disabled={disabled}
          onChange={(event) => onChange(event.target.checked)}
        />
      );
    default:
      return (
        <Input
          id={id}
          value={text}
          disabled={disabled}
          {...(field.type === 'time' ? { placeholder: '08:30' } : {})}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

function Group(props: FieldProps): ReactNode {
  switch (props.field.type) {
    case 'choice':
    case 'choices':
      return <Choices {...props} />;
    case 'table':
      return <PaperTable {...props} />;
    case 'person':
      return (
        <PersonRow
          person={(props.value as Person | undefined) ?? {}}
          disabled={props.disabled}
          onChange={props.onChange}
        />
      );
    default:
      return <Persons {...props} />;
  }
}

function Choices({ field, value, onChange, disabled }: FieldProps) {
  const { t } = useLanguage();
  const chosen = chosenIds(value);
  const many = field.type === 'choices';
  const pick = (id: string, on: boolean, detail: string) => {
    const next = choiceValue(id, detail);
    if (!many) return onChange(on ? next : undefined);
    const others = (Array.isArray(value) ? value : []).filter((each) => chosenIds(each)[0] !== id);
    onChange(on ? [...others, next] : others);
  };
  const Box = many ? Checkbox : Radio;
  return (
    <div className="stacked">
      {field.options.map((option) => {
        const on = chosen.includes(option.id);
        const detail = detailOf(value, option.id);
        return (
          <div key={option.id} className="paper-option">
            <Box checked={on} disabled={disabled} onChange={() => pick(option.id, many ? !on : true, detail)}>
              {option.text}
            </Box>
            {option.detail && on ? (
              <Input
                aria-label={t('paper.detail', { name: option.text })}
                value={detail}
                disabled={disabled}
                onChange={(event) => pick(option.id, true, event.target.value)}
              />
            ) : null}
          </div>
        );
      })}
    </div>
  );
}

function Persons({ value, onChange, disabled }: FieldProps) {
  const { t } = useLanguage();
  const people = (Array.isArray(value) ? value : []) as Person[];
  return (
    <>
      {people.map((person, index) => (
        <div key={String(index)} className="paper-person">
          <PersonRow
            number={index + 1}
            person={person}
            disabled={disabled}
            onChange={(changed) => onChange(people.map((each, at) => (at === index ? changed : each)))}
          />
          {disabled ? null : (
            <Button
              size="small"
              aria-label={t('paper.remove_row', { number: index + 1 })}
              onClick={() => onChange(people.filter((_, at) => at !== index))}
            >
              ×
            </Button>
          )}
        </div>
      ))}
      {disabled ? null : (
        <Button size="small" onClick={() => onChange([...people, {}])}>
          {t('paper.add_person')}
        </Button>
      )}
    </>
  );
}

function PersonRow({
  person,
  number,
  disabled,
  onChange,
}: {
  person: Person;
  number?: number;
  disabled: boolean;
  onChange: (person: Person) => void;
}) {
  const { t } = useLanguage();
  return (
    <div className="paper-person-row">
      {personParts.map((part) => (
        <span key={part} className="paper-person-part">
          <span aria-hidden="true">{t(`person.${part}`)}</span>
          <Input
            aria-label={`${t(`person.${part}`)}${number ? ` ${number}` : ''}`}
            title={person[part] ?? ''}
            value={person[part] ?? ''}
            disabled={disabled}
            onChange={(event) => onChange({ ...person, [part]: event.target.value })}
          />
        </span>
      ))}
    </div>
  );
}
