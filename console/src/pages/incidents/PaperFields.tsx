// The fields of a form of the pack, by their types; labels are the form's own words.
import { Button, Checkbox, DatePicker, Input, InputNumber, Radio } from 'antd';
import dayjs from 'dayjs';
import { type ReactNode, useId } from 'react';
import type { PaperFormField } from '~/api/incidentTypes';
import { useLanguage } from '~/i18n';
import { ScrollRegion } from '~/ui/ScrollRegion';
import { choiceValue, chosenIds, detailOf, isEmpty, type Person, personParts } from './paperData';

interface FieldProps {
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
      return <Table {...props} />;
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

type Row = Record<string, unknown>;

function Table({ field, value, onChange, disabled }: FieldProps) {
  const { t, local } = useLanguage();
  const fixed = field.rows.length > 0;
  const rows: Row[] = fixed
    ? field.rows.map((row) => ((value as Record<string, Row> | undefined)?.[row.id] ?? {}) as Row)
    : ((Array.isArray(value) ? value : []) as Row[]);
  const set = (index: number, row: Row) => {
    if (fixed) {
      const id = field.rows[index]?.id ?? '';
      onChange({ ...((value as Record<string, Row> | undefined) ?? {}), [id]: row });
    } else onChange(rows.map((each, at) => (at === index ? row : each)));
  };
  return (
    <>
      {rows.length > 0 ? (
        <ScrollRegion label={local(field.label)} className="paper-table">
          <table>
            <thead>
              <tr>
                {fixed ? <td /> : null}
                {field.columns.map((column) => (
                  <th key={column.id} scope="col">
                    {local(column.label)}
                    {column.required ? ' (*)' : ''}
                  </th>
                ))}
                {fixed ? null : <td />}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                <tr key={fixed ? field.rows[index]?.id : String(index)}>
                  {fixed ? <th scope="row">{field.rows[index]?.text}</th> : null}
                  {field.columns.map((column) => {
                    const label = `${local(column.label)} ${fixed ? field.rows[index]?.text : index + 1}`;
                    const cell = row[column.id];
                    return (
                      <td key={column.id}>
                        {column.number ? (
                          <InputNumber
                            aria-label={label}
                            min={0}
                            precision={0}
                            disabled={disabled}
                            value={typeof cell === 'number' ? cell : null}
                            onChange={(number) => set(index, { ...row, [column.id]: number ?? undefined })}
                          />
                        ) : (
                          <Input.TextArea
                            aria-label={label}
                            autoSize={{ minRows: 1, maxRows: 6 }}
                            disabled={disabled}
                            value={typeof cell === 'string' ? cell : ''}
                            onChange={(event) => set(index, { ...row, [column.id]: event.target.value })}
                          />
                        )}
                      </td>
                    );
                  })}
                  {fixed ? null : (
                    <td>
                      <Button
                        size="small"
                        disabled={disabled}
                        aria-label={t('paper.remove_row', { number: index + 1 })}
                        onClick={() => onChange(rows.filter((_, at) => at !== index))}
                      >
                        ×
                      </Button>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      ) : null}
      {fixed || disabled ? null : (
        <Button size="small" onClick={() => onChange([...rows, {}])}>
          {t('paper.add_row')}
        </Button>
      )}
    </>
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
          <Button
            size="small"
            disabled={disabled}
            aria-label={t('paper.remove_row', { number: index + 1 })}
            onClick={() => onChange(people.filter((_, at) => at !== index))}
          >
            ×
          </Button>
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
        <Input
          key={part}
          aria-label={`${t(`person.${part}`)}${number ? ` ${number}` : ''}`}
          placeholder={t(`person.${part}`)}
          value={person[part] ?? ''}
          disabled={disabled}
          onChange={(event) => onChange({ ...person, [part]: event.target.value })}
        />
      ))}
    </div>
  );
}
