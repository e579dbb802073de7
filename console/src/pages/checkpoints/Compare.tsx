// A checkpoint that was printed or kept elsewhere, held against the hub's newest: does the store still continue it?
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { readConsistency, readNewest } from '~/api/checkpoints';
import { useLanguage } from '~/i18n';
import { type Comparison, compare } from '~/proof/consistency';
import type { Checkpoint } from '~/proof/note';
import { formatNumber } from '~/ui/format';
import { ErrorNote } from '~/ui/Page';
import { SealIcon } from '~/ui/Seal';
import { toneOf } from './checkpoint';
import '../proof/proof.css';

interface Result {
  outcome: Comparison;
  kept: Checkpoint | null;
  now: Checkpoint | null;
}

export function Compare() {
  const { t } = useLanguage();
  const [result, setResult] = useState<Result | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const check = async ({ note }: { note: string }) => {
    setBusy(true);
    setError(null);
    setResult(null);
    try {
      const newest = await readNewest();
      setResult(await compare(note, newest.note, newest.keys, readConsistency));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="compare">
      <p className="checkpoint-help">{t('compare.help')}</p>
      <Form<{ note: string }> layout="vertical" onFinish={(values) => void check(values)}>
        <Form.Item
          name="note"
          label={t('compare.note')}
          rules={[{ required: true, whitespace: true, message: t('compare.needed') }]}
        >
          <Input.TextArea className="code-input" rows={6} maxLength={20_000} spellCheck={false} />
        </Form.Item>
        <Button htmlType="submit" loading={busy}>
          {t('compare.check')}
        </Button>
      </Form>
      {error ? <ErrorNote error={error} /> : null}
      {result ? <Verdict result={result} /> : null}
    </div>
  );
}

function Verdict({ result: { outcome, kept, now } }: { result: Result }) {
  const { t, language } = useLanguage();
  const tone = toneOf(outcome);
  const shown = tone === 'waiting' ? 'unsupported' : tone;
  const size = (note: Checkpoint | null) => formatNumber(note?.size ?? 0, language);
  return (
    <section className={`proof-verdict proof-${shown}`} data-outcome={outcome} role="status">
      <SealIcon tone={tone} size={56} />
      <div>
        <p className="proof-word">{t(`compare_word.${outcome}`)}</p>
        <p>{t(`compare_why.${outcome}`, { kept: size(kept), now: size(now) })}</p>
      </div>
    </section>
  );
}
