// Asking that the content of one record be erased. Its hash stays in the tree, so every proof of the others stays, too.
import { Form, Input } from 'antd';
import { useState } from 'react';
import { useAskErasure, useErasurePreview } from '~/api/custody';
import type { ErasureRecord } from '~/api/custodyTypes';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { formatBytes, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { Loaded } from '~/ui/Page';
import { Time } from '~/ui/Time';
import { written } from '~/ui/text';
import '../evidence/evidence.css';

interface Values {
  reason: string;
  legal_basis: string;
}

export function EraseRecord({ agency, seq }: { agency: string; seq: number }) {
  const { t } = useLanguage();
  const [asking, setAsking] = useState(false);
  return (
    <section className="erase-record" aria-label={t('erasure.title')}>
      <p className="muted">{t('erasure.offer')}</p>
      <MayButton action="evidence_erase" onClick={() => setAsking(true)}>
        {t('erasure.ask')}
      </MayButton>
      {asking ? <Dialog agency={agency} seq={seq} onClose={() => setAsking(false)} /> : null}
    </section>
  );
}

function Dialog({ agency, seq, onClose }: { agency: string; seq: number; onClose: () => void }) {
  const { t, language } = useLanguage();
  const preview = useErasurePreview(agency, seq);
  const ask = useAskErasure();
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  return (
    <FormModal<Values>
      title={t('erasure.ask_title', { seq: formatNumber(seq, language) })}
      ok={t('erasure.ask')}
      danger
      disabled={!preview.data}
      will={
        <>
          <p>{t('erasure.will')}</p>
          <p>{t('erasure.stays')}</p>
        </>
      }
      error={ask.error}
      busy={ask.isPending}
      proposed={ask.data}
      done={t('erasure.done_now')}
      onFinish={({ reason, legal_basis }) =>
        ask.mutate({ agency, seqs: [seq], reason: written(reason), legal_basis: written(legal_basis) })
      }
      onClose={onClose}
      width={680}
    >
      <Loaded query={preview} rows={3}>
        {(records) => <ErasureRecords records={records} />}
      </Loaded>
      <Form.Item name="reason" label={t('erasure.reason')} extra={t('erasure.reason_help')} rules={needed}>
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
      <Form.Item name="legal_basis" label={t('erasure.basis')} extra={t('erasure.basis_help')} rules={needed}>
        <Input maxLength={400} />
      </Form.Item>
    </FormModal>
  );
}

function ErasureRecords({ records }: { records: ErasureRecord[] }) {
  const { t, language } = useLanguage();
  return (
    <dl className="facts facts-tight">
      {records.flatMap((one) => [
        <div key={`${one.seq} from`}>
          <dt>{t('record.source')}</dt>
          <dd>
            {one.device} <code>{one.stream}</code>
          </dd>
        </div>,
        <div key={`${one.seq} at`}>
          <dt>{t('record.received')}</dt>
          <dd>
            <Time at={one.received} seconds /> · {formatBytes(one.bytes, language)}
          </dd>
        </div>,
        <div key={`${one.seq} leaf`}>
          <dt>{t('erasure.leaf')}</dt>
          <dd>
            <code className="wrap">{one.leaf}</code>
          </dd>
        </div>,
      ])}
    </dl>
  );
}
