// A table of a form: rows that the form fixes, each under its own name, or rows that people add.
import { Button, Input, InputNumber } from 'antd';
import type { PaperFormField } from '~/api/incidentTypes';
import { useLanguage } from '~/i18n';
import { ScrollRegion } from '~/ui/ScrollRegion';
import type { FieldProps } from './PaperFields';

type Row = Record<string, unknown>;
type RowsById = Record<string, Row> | undefined;

export function PaperTable(props: FieldProps) {
  const { t, local } = useLanguage();
  const { field, value, onChange, disabled } = props;
  if (field.rows.length > 0) return <FixedRows {...props} />;
  const rows = (Array.isArray(value) ? value : []) as Row[];
  return (
    <>
      {rows.length > 0 ? (
        <ScrollRegion label={local(field.label)} className="paper-table">
          <table>
            <Head field={field} more={!disabled} />
            <tbody>
              {rows.map((row, index) => (
                <tr key={String(index)}>
                  <Cells
                    field={field}
                    name={String(index + 1)}
                    row={row}
                    disabled={disabled}
                    onRow={(next) => onChange(rows.map((each, at) => (at === index ? next : each)))}
                  />
                  {disabled ? null : (
                    <td>
                      <Button
                        size="small"
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
      {disabled ? null : (
        <Button size="small" onClick={() => onChange([...rows, {}])}>
          {t('paper.add_row')}
        </Button>
      )}
    </>
  );
}

// The name of a row stands on a line of its own: beside six columns of numbers it would have no room.
function FixedRows({ field, value, onChange, disabled }: FieldProps) {
  const held = value as RowsById;
  return (
    <div className="paper-table paper-rows">
      <table>
        <Head field={field} more={false} />
        {field.rows.map(({ id, text }) => (
          <tbody key={id}>
            <tr>
              <th scope="rowgroup" colSpan={field.columns.length}>
                {text}
              </th>
            </tr>
            <tr className="paper-cells">
              <Cells
                field={field}
                name={text}
                row={held?.[id] ?? {}}
                disabled={disabled}
                onRow={(row) => onChange({ ...held, [id]: row })}
              />
            </tr>
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Head({ field, more }: { field: PaperFormField; more: boolean }) {
  const { local } = useLanguage();
  return (
    <thead>
      <tr>
        {field.columns.map((column) => (
          <th key={column.id} scope="col">
            {local(column.label)}
            {column.required ? ' (*)' : ''}
          </th>
        ))}
        {more ? <td /> : null}
      </tr>
    </thead>
  );
}

function Cells({
  field,
  name,
  row,
  disabled,
  onRow,
}: {
  field: PaperFormField;
  name: string;
  row: Row;
  disabled: boolean;
  onRow: (row: Row) => void;
}) {
  const { local } = useLanguage();
  return field.columns.map((column) => {
    const label = `${local(column.label)} ${name}`;
    const cell = row[column.id];
    return (
      <td key={column.id} data-column={local(column.label)}>
        {column.number ? (
          <InputNumber
            aria-label={label}
            min={0}
            precision={0}
            disabled={disabled}
            value={typeof cell === 'number' ? cell : null}
            onChange={(number) => onRow({ ...row, [column.id]: number ?? undefined })}
          />
        ) : (
          <Input.TextArea
            aria-label={label}
            autoSize={{ minRows: 1, maxRows: 6 }}
            disabled={disabled}
            value={typeof cell === 'string' ? cell : ''}
            onChange={(event) => onRow({ ...row, [column.id]: event.target.value })}
          />
        )}
      </td>
    );
  });
}
