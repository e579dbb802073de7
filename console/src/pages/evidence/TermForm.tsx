// Proposing how long logs are kept. What it would take away, and from which day on, is asked of the hub while it is written.
import { Form, Input, InputNumber, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useRetentionPreview, useSetRetention } from '~/api/custody';
import type {
  NewRetentionRule,
  Retention,
  RetentionPreview,
  RetentionRule,
  SourceClass,
} from '~/api/custodyTypes';
import { useLanguage } from '~/i18n';
import { byWords, useLivingAgencies } from '~/ui/AgencySelect';
import { FormModal } from '~/ui/FormModal';
import { formatDate, formatNumber } from '~/ui/format';
import { ErrorNote, Loading } from '~/ui/Page';
import { written } from '~/ui/text';
import { classes, floorOf } from './terms';

type Values = Omit<NewRetentionRule, 'agency' | 'class'> & {
  agency: string; // Empty: all.
  class: SourceClass | '';
};

const typingMilliseconds = 400;
const daysMax = 36_500;

const ruleOf = (values: Partial<Values>): NewRetentionRule | null =>
  values.keep_days
    ? {
        agency: values.agency || null,
        class: values.class || null,
        keep_days: values.keep_days,
        erase_after_days: values.erase_after_days ?? null,
        reason: written(values.reason) || '-',
      }
    : null;

export function TermForm({
  known,
  rule,
  onClose,
}: {
  known: Retention;
  rule: RetentionRule | null;
  onClose: () => void;
}) {
  const { t, language, local } = useLanguage();
  const set = useSetRetention();
  const living = useLivingAgencies();
  const [form] = Form.useForm<Values>();
  const values: Partial<Values> = Form.useWatch([], form) ?? {};
  const draft = useSettledText(JSON.stringify(ruleOf({ ...values, reason: '' })));
  const preview = useRetentionPreview(JSON.parse(draft) as NewRetentionRule | null);
  const floor = Math.max(known.floor_days, floorOf(known.floors, values.agency)?.days ?? 0);
  const basis = floorOf(known.floors, values.agency)?.basis;
  const number = (value: number) => formatNumber(value, language);
  const audit = values.class === 'audit';
  return (
    <FormModal<Values>
      title={t(rule ? 'term.change_title' : 'term.set')}
      ok={t('term.propose')}
      will={t('term.set_will')}
      form={form}
      initial={{
        agency: rule?.agency?.id ?? '',
        class: rule?.class ?? '',
        keep_days: rule?.keep_days ?? known.default_days,
        erase_after_days: rule?.erase_after_days ?? null,
      }}
      error={set.error}
      busy={set.isPending}
      proposed={set.data}
      done={t('term.done')}
      onFinish={(written_values) => {
        const wanted = ruleOf(written_values);
        if (wanted) set.mutate({ ...wanted, erase_after_days: audit ? null : wanted.erase_after_days });
      }}
      onClose={onClose}
      width={720}
    >
      <div className="form-line">
        <Form.Item name="agency" label={t('filter.agency')} extra={t('term.agency_help')}>
          <Select
            disabled={rule !== null}
            showSearch={byWords}
            options={[
              { value: '', label: t('term.everywhere') },
              ...living.map((each) => ({ value: each.id, label: each.name })),
            ]}
          />
        </Form.Item>
        <Form.Item name="class" label={t('cover.class')}>
          <Select
            disabled={rule !== null}
            options={[
              { value: '', label: t('term.every_class') },
              ...classes.map((each) => ({ value: each, label: t(`source_class.${each}`) })),
            ]}
          />
        </Form.Item>
      </div>
      <div className="form-line">
        <Form.Item
          name="keep_days"
          label={t('term.keep_days')}
          extra={`${t('term.floor_here', { number: number(floor) })}${basis ? ` (${local(basis)})` : ''}`}
          rules={[
            { required: true, message: t('incident.needed') },
            { type: 'number', min: floor, message: t('term.below_floor', { number: number(floor) }) },
          ]}
        >
          <InputNumber min={1} max={daysMax} precision={0} className="whole-width" />
        </Form.Item>
        {audit ? null : (
          <Form.Item
            name="erase_after_days"
            label={t('term.erase_days')}
            extra={t('term.erase_help')}
            dependencies={['keep_days']}
            rules={[
              ({ getFieldValue }) => ({
                validator: (_, value: number | null) =>
                  value === null || value === undefined || value >= Number(getFieldValue('keep_days') ?? 0)
                    ? Promise.resolve()
                    : Promise.reject(new Error(t('term.erase_early'))),
              }),
            ]}
          >
            <InputNumber min={1} max={daysMax} precision={0} className="whole-width" />
          </Form.Item>
        )}
      </div>
      <Form.Item
        name="reason"
        label={t('waiting.note')}
        extra={t('term.reason_help')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
      <section aria-label={t('term.preview')} aria-live="polite">
        {preview.error ? (
          <ErrorNote error={preview.error} />
        ) : preview.data ? (
          <Preview preview={preview.data} />
        ) : preview.isFetching ? (
          <Loading rows={2} />
        ) : null}
      </section>
    </FormModal>
  );
}

// A text once it has stood still for a moment.
function useSettledText(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), typingMilliseconds);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

const rowsShown = 8;

function Preview({ preview }: { preview: RetentionPreview }) {
  const { t, language } = useLanguage();
  const number = (value: number) => formatNumber(value, language);
  return (
    <div className="term-preview">
      <p>
        <strong>{t('term.then')}</strong>{' '}
        {preview.erase_after_days === null
          ? t('term.then_keep', { number: number(preview.keep_days) })
          : t('term.then_both', {
              keep: number(preview.keep_days),
              erase: number(preview.erase_after_days),
            })}{' '}
        {preview.whole_days_before === preview.whole_days_after
          ? t('term.files_same', { number: number(preview.whole_days_after) })
          : t('term.files_change', {
              before: number(preview.whole_days_before),
              after: number(preview.whole_days_after),
            })}
      </p>
      <p>
        {preview.records_now > 0
          ? t('term.goes_now', { count: preview.records_now, number: number(preview.records_now) })
          : t('term.nothing_now')}
      </p>
      {preview.days.length > 0 ? (
        <table className="table table-small">
          <caption className="visually-hidden">{t('term.preview')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('evidence.day')}</th>
              <th scope="col">{t('term.loses')}</th>
              <th scope="col">{t('term.loses_on')}</th>
            </tr>
          </thead>
          <tbody>
            {preview.days.slice(0, rowsShown).map((day) => (
              <tr key={day.day}>
                <th scope="row">{formatDate(day.day)}</th>
                <td>
                  {day.whole
                    ? t('term.whole_file')
                    : t('cover.records', { count: day.records, number: number(day.records) })}
                </td>
                <td>{day.held ? t('kept.held') : formatDate(day.on)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {preview.days.length > rowsShown ? (
        <p className="muted">
          {t('term.more_days', {
            count: preview.days.length - rowsShown,
            number: number(preview.days.length - rowsShown),
          })}
        </p>
      ) : null}
    </div>
  );
}
