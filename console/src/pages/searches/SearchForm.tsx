// Saving a search: its name and question, who may use it, and whether a finding is made when more come than expected, tried
// on the last 24 hours before.
import { Button, Checkbox, Form, Input, InputNumber, Select, Switch } from 'antd';
import {
  type SavedSearch,
  type SearchAlert,
  type SearchPreview,
  usePreviewSearch,
  useSaveSearch,
} from '~/api/searches';
import type { Severity } from '~/api/types';
import { useLanguage } from '~/i18n';
import { AgencySelect } from '~/ui/AgencySelect';
import { FormModal } from '~/ui/FormModal';
import { formatDateTime, formatNumber } from '~/ui/format';
import { ErrorNote } from '~/ui/Page';
import { severities } from '~/ui/SeverityTag';
import { useSpanText } from '~/ui/Time';
import { QuestionFault } from '../logs/QuestionFault';
import { faultOf } from '../logs/search';
import { commonFields } from '../logs/ValuesPanel';
import { bars, outlook, windowOf, windows } from './alert';
import './searches.css';

interface Values {
  name: string;
  query: string;
  shared: boolean;
  agency?: string;
  watched: boolean;
  over: number;
  window_seconds: number;
  by?: string;
  severity: Severity;
}

const alertOf = (values: Values): SearchAlert => ({
  over: values.over,
  window_seconds: values.window_seconds,
  by: values.by || null,
  severity: values.severity,
});

type Start = Partial<Pick<SavedSearch, 'name' | 'query' | 'shared' | 'agency' | 'alert'>>;

const startOf = ({ name = '', query = '', shared = false, agency, alert }: Start): Values => ({
  name,
  query,
  shared,
  ...(agency ? { agency: agency.id } : {}),
  watched: Boolean(alert),
  over: alert?.over ?? 10,
  window_seconds: alert?.window_seconds ?? 600,
  ...(alert?.by ? { by: alert.by } : {}),
  severity: alert?.severity ?? 'medium',
});

interface Props {
  old: SavedSearch | null;
  query?: string; // What a new one starts with.
  onClose: () => void;
  onSaved?: () => void;
}

export function SearchForm({ old, query = '', onClose, onSaved }: Props) {
  const { t } = useLanguage();
  const save = useSaveSearch(old);
  const [form] = Form.useForm<Values>();
  const start = startOf(old ?? { query });
  const watched = Form.useWatch('watched', form) ?? start.watched;
  const asked = Form.useWatch('query', form) ?? start.query;
  const fault = faultOf(save.error);
  const needed = [{ required: true, whitespace: true, message: t('saved.needed') }];
  const finish = (values: Values) =>
    save.mutate(
      {
        name: values.name.normalize('NFC').trim(),
        query: values.query.trim(),
        agency: values.agency ?? null,
        shared: values.shared,
        alert: values.watched ? alertOf(values) : null,
      },
      {
        onSuccess: () => {
          onSaved?.();
          onClose();
        },
      },
    );
  return (
    <FormModal<Values>
      title={t(old ? 'saved.edit' : 'saved.add')}
      ok={t('action.save')}
      width={640}
      form={form}
      initial={start}
      error={fault ? null : save.error}
      busy={save.isPending}
      onFinish={finish}
      onClose={onClose}
    >
      <Form.Item name="name" label={t('saved.name')} rules={needed}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="query" label={t('saved.query')} extra={t('saved.query_help')}>
        <Input.TextArea className="code-input" rows={2} maxLength={4096} spellCheck={false} />
      </Form.Item>
      {fault ? <QuestionFault question={asked.trim()} fault={fault} /> : null}
      <Form.Item name="agency" label={t('saved.agency')} extra={t('saved.agency_help')}>
        <AgencySelect />
      </Form.Item>
      <Form.Item name="shared" valuePropName="checked">
        <Checkbox>{t('saved.share')}</Checkbox>
      </Form.Item>
      <Form.Item
        name="watched"
        label={t('saved.alert')}
        valuePropName="checked"
        extra={t('saved.alert_help')}
      >
        <Switch aria-label={t('saved.alert')} />
      </Form.Item>
      {watched ? <AlertFields values={() => form.getFieldsValue(true) as Values} /> : null}
    </FormModal>
  );
}

function AlertFields({ values }: { values: () => Values }) {
  const { t, language } = useLanguage();
  const spanText = useSpanText();
  const preview = usePreviewSearch();
  const over = Form.useWatch('over') as number | undefined;
  const fault = faultOf(preview.error);
  const tried = preview.variables;
  const number = [{ required: true, message: t('saved.needed') }];
  return (
    <>
      <div className="saved-fields">
        <Form.Item name="over" label={t('saved.over')} rules={number}>
          <InputNumber min={0} max={10_000} precision={0} />
        </Form.Item>
        <Form.Item name="window_seconds" label={t('saved.window')}>
          <Select options={windows.map((each) => ({ value: each, label: spanText(windowOf(each)) }))} />
        </Form.Item>
        <Form.Item name="severity" label={t('saved.severity')}>
          <Select options={severities.map((each) => ({ value: each, label: t(`severity.${each}`) }))} />
        </Form.Item>
      </div>
      <Form.Item name="by" label={t('saved.by')} extra={t('saved.by_help')}>
        <Select allowClear showSearch options={commonFields.map((each) => ({ value: each, label: each }))} />
      </Form.Item>
      <Button
        loading={preview.isPending}
        onClick={() => {
          const now = values();
          preview.mutate({ query: now.query.trim(), agency: now.agency ?? null, alert: alertOf(now) });
        }}
      >
        {t('saved.try')}
      </Button>
      {fault ? (
        <QuestionFault question={tried?.query ?? ''} fault={fault} />
      ) : preview.error ? (
        <ErrorNote error={preview.error} />
      ) : null}
      {preview.data ? <Outlook preview={preview.data} over={over ?? 0} language={language} /> : null}
    </>
  );
}

function Outlook({
  preview,
  over,
  language,
}: {
  preview: SearchPreview;
  over: number;
  language: 'vi' | 'en';
}) {
  const { t } = useLanguage();
  const spanText = useSpanText();
  const { most, alerts } = outlook(preview.matches_per_window, over);
  const drawn = bars(preview.matches_per_window);
  const top = Math.max(1, most, over);
  const said = t('saved.outlook', {
    count: alerts,
    number: formatNumber(alerts, language),
    most: formatNumber(most, language),
    window: spanText(windowOf(preview.window_seconds)),
    from: formatDateTime(preview.from),
  });
  return (
    <div className="saved-outlook" role="status">
      <p>{said}</p>
      {preview.complete ? null : <p className="muted">{t('saved.outlook_part')}</p>}
      <div className="saved-bars" role="img" aria-label={said}>
        <span className="saved-limit" style={{ bottom: `${(100 * over) / top}%` }} />
        {drawn.map((count, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place.
            key={index}
            className={count > over ? 'saved-bar saved-bar-over' : 'saved-bar'}
            style={{ height: `${(100 * count) / top}%` }}
          />
        ))}
      </div>
    </div>
  );
}
