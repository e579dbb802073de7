// A plain HTML table that is good to work in: sticky head, rows opened with Enter, arrow keys from row to row, cards on
// a phone, and only the visible rows drawn when there are many. Ant Design's own virtual table gives screen readers no
// table at all, hence this one.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { useLanguage } from '~/i18n';

export interface Column<Row> {
  key: string;
  title: ReactNode;
  render: (row: Row) => ReactNode;
  width?: number | string;
  align?: 'right' | 'center';
  primary?: boolean; // The row's heading.
  hideNarrow?: boolean;
}

interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  onOpen?: (row: Row) => void;
  selected?: { keys: ReadonlySet<string>; change: (keys: Set<string>) => void; label: (row: Row) => string };
  empty?: ReactNode;
  after?: ReactNode;
  rowClass?: (row: Row) => string | undefined;
  groupOf?: (row: Row) => string; // Rows of one group stand together; its name is drawn above them.
}

// Above this many rows only those in view are drawn.
const virtualFrom = 120;
const rowHeight = 41;

export function DataTable<Row>(props: Props<Row>) {
  if (props.rows.length === 0 && props.empty) return <>{props.empty}</>;
  return props.rows.length > virtualFrom && !props.groupOf ? (
    <VirtualTable {...props} />
  ) : (
    <PlainTable {...props} />
  );
}

function PlainTable<Row>(props: Props<Row>) {
  const { rows, rowKey, groupOf, columns } = props;
  const span = columns.length + (props.selected ? 1 : 0);
  let group = '';
  return (
    <div className="table-frame">
      <table className="table" aria-label={props.label}>
        <Head {...props} />
        <tbody>
          {rows.map((row, index) => {
            const next = groupOf?.(row) ?? '';
            const heading = groupOf && next !== group;
            group = next;
            return [
              heading ? (
                <tr key={`group ${next}`} className="table-group">
                  <th colSpan={span} scope="colgroup">
                    {next}
                  </th>
                </tr>
              ) : null,
              <BodyRow key={rowKey(row)} {...props} row={row} index={index} />,
            ];
          })}
        </tbody>
      </table>
      {props.after}
    </div>
  );
}

function VirtualTable<Row>(props: Props<Row>) {
  const { rows, rowKey, columns } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => rowKey(rows[index] as Row),
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const behind = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const span = columns.length + (props.selected ? 1 : 0);
  return (
    <div className="table-frame table-scroll" ref={scroller}>
      <table className="table" aria-label={props.label} aria-rowcount={rows.length + 1}>
        <Head {...props} />
        <tbody>
          {before > 0 ? <Gap height={before} span={span} /> : null}
          {items.map((item) => (
            <BodyRow
              key={item.key}
              {...props}
              row={rows[item.index] as Row}
              index={item.index}
              measure={virtual.measureElement}
            />
          ))}
          {behind > 0 ? <Gap height={behind} span={span} /> : null}
        </tbody>
      </table>
      {props.after}
    </div>
  );
}

function Gap({ height, span }: { height: number; span: number }) {
  return (
    <tr className="table-gap">
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

function Head<Row>({ columns, selected, rows, rowKey }: Props<Row>) {
  const { t } = useLanguage();
  const all = selected && rows.length > 0 && rows.every((row) => selected.keys.has(rowKey(row)));
  return (
    <thead>
      <tr>
        {selected ? (
          <th scope="col" className="table-check">
            <input
              type="checkbox"
              aria-label={t('table.select_all')}
              checked={Boolean(all)}
              ref={(box) => {
                if (box) box.indeterminate = !all && selected.keys.size > 0;
              }}
              onChange={() => selected.change(all ? new Set() : new Set(rows.map(rowKey)))}
            />
          </th>
        ) : null}
        {columns.map((column) => (
          <th
            key={column.key}
            scope="col"
            style={{ width: column.width }}
            className={`${column.align ? `align-${column.align}` : ''} ${column.hideNarrow ? 'hide-narrow' : ''}`}
          >
            {column.title}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface RowProps<Row> extends Props<Row> {
  row: Row;
  index: number;
  measure?: (element: HTMLElement | null) => void;
}

// Arrow keys walk over the rows; the list's ends stay where they are.
function walk(event: KeyboardEvent<HTMLTableRowElement>): void {
  const step =
    event.key === 'ArrowDown'
      ? 'nextElementSibling'
      : event.key === 'ArrowUp'
        ? 'previousElementSibling'
        : null;
  if (!step) return;
  let next = event.currentTarget[step] as HTMLElement | null;
  while (next && next.tabIndex < 0) next = next[step] as HTMLElement | null;
  if (next) {
    event.preventDefault();
    next.focus();
  }
}

function BodyRow<Row>({ row, index, columns, rowKey, onOpen, selected, measure, rowClass }: RowProps<Row>) {
  const key = rowKey(row);
  const picked = selected?.keys.has(key) ?? false;
  const toggle = () => {
    if (!selected) return;
    const next = new Set(selected.keys);
    if (!next.delete(key)) next.add(key);
    selected.change(next);
  };
  return (
    <tr
      ref={measure}
      data-index={index}
      aria-rowindex={measure ? index + 2 : undefined}
      className={`${onOpen ? 'table-open' : ''} ${picked ? 'table-picked' : ''} ${rowClass?.(row) ?? ''}`}
      tabIndex={onOpen || selected ? 0 : undefined}
      onClick={(event) => {
        if (!onOpen || (event.target as Element).closest('a,button,input,label')) return;
        if (!getSelection()?.toString()) onOpen(row);
      }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key === 'Enter' && onOpen) onOpen(row);
        else if (event.key === ' ' && selected) {
          event.preventDefault();
          toggle();
        } else walk(event);
      }}
    >
      {selected ? (
        <td className="table-check">
          <input type="checkbox" aria-label={selected.label(row)} checked={picked} onChange={toggle} />
        </td>
      ) : null}
      {columns.map((column) => {
        const className = `${column.align ? `align-${column.align}` : ''} ${column.hideNarrow ? 'hide-narrow' : ''}`;
        const label = typeof column.title === 'string' ? column.title : undefined;
        return column.primary ? (
          <th key={column.key} scope="row" className={className} data-label={label}>
            {column.render(row)}
          </th>
        ) : (
          <td key={column.key} className={className} data-label={label}>
            {column.render(row)}
          </td>
        );
      })}
    </tr>
  );
}
