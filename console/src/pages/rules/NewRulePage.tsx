// Writing a rule of the town's own, or a newer version of one, with the bench below: what it would have found in kept
// records, what it costs, which hits are false alarms. What is wrong in it is told with its line.
import { Input } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useRule, useSaveRule } from '~/api/findings';
import { goesOn, useRun, useStartRun } from '~/api/runs';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Loaded, Page, Section } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { useRunScope } from './RunForm';
import { RunView } from './RunView';
import { template } from './template';
import './rules.css';

export default function NewRulePage() {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const [{ from, run }, setParams] = useParamsState('from', 'run');
  const save = useSaveRule();
  const [yaml, setYaml] = useState(() => (from || run ? '' : template(crypto.randomUUID())));
  const [exception, setException] = useState<string | null>(null);
  return (
    <Page
      title={t(from ? 'rules.edit' : 'rules.new')}
      lead={t('rules.new_lead')}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/rules">{t('nav.rules')}</Link>
        </nav>
      }
      extra={
        <MayButton
          action="rule_manage"
          type="primary"
          loading={save.isPending}
          onClick={() =>
            save.mutate(yaml, {
              onSuccess: (saved) =>
                saved.act === null &&
                navigate(
                  `/rules/${encodeURIComponent(saved.id)}?${new URLSearchParams({
                    hunt: 'saved',
                    ...(exception ? { exception } : {}),
                  })}`,
                ),
            })
          }
        >
          {t('action.save')}
        </MayButton>
      }
    >
      {save.error ? <ErrorNote error={save.error} /> : null}
      {save.data?.act ? (
        <p className="will-happen" role="status">
          {t('rules.save_waits')} <Link to="/acts">{t('nav.acts')}</Link>
        </p>
      ) : null}
      {from ? <OfRule id={from} onRead={setYaml} /> : null}
      {run && !from && yaml === '' ? <OfRun id={run} onRead={setYaml} /> : null}
      {exception ? (
        <p className="will-happen" role="status">
          {t('runs.draft_kept')}
        </p>
      ) : null}
      <Input.TextArea
        aria-label={t('rules.text')}
        className="rule-editor"
        rows={22}
        maxLength={65_536}
        spellCheck={false}
        value={yaml}
        onChange={(event) => setYaml(event.target.value)}
      />
      <Bench yaml={yaml} run={run} onRun={(id) => setParams({ run: id })} onException={setException} />
    </Page>
  );
}

function Bench({
  yaml,
  run: id,
  onRun,
  onException,
}: {
  yaml: string;
  run: string | undefined;
  onRun: (id: string) => void;
  onException: (filter: string) => void;
}) {
  const { t } = useLanguage();
  const start = useStartRun();
  const query = useRun(id);
  const { scope, controls } = useRunScope();
  const busy = query.data ? goesOn(query.data) : false;
  return (
    <Section title={t('runs.bench_title')} id="bench">
      <p className="muted run-help">{t('runs.bench_help')}</p>
      <div className="filters">
        {controls}
        <MayButton
          action="rule_run"
          loading={start.isPending || busy}
          onClick={() => start.mutate({ ...scope(), yaml }, { onSuccess: (started) => onRun(started.id) })}
        >
          {t('runs.start')}
        </MayButton>
      </div>
      {start.error ? <ErrorNote error={start.error} /> : null}
      {id ? (
        <Loaded query={query} rows={4}>
          {(run) => <RunView key={run.id} run={run} onException={onException} />}
        </Loaded>
      ) : null}
    </Section>
  );
}

// Fills the editor once, with the text as it is now.
function OfRule({ id, onRead }: { id: string; onRead: (yaml: string) => void }) {
  const rule = useRule(id);
  const text = rule.data?.yaml;
  useEffect(() => {
    if (text !== undefined) onRead(text);
  }, [text, onRead]);
  return rule.error ? <ErrorNote error={rule.error} /> : null;
}

// Fills the editor with the text that a run was of.
function OfRun({ id, onRead }: { id: string; onRead: (yaml: string) => void }) {
  const text = useRun(id).data?.yaml;
  useEffect(() => {
    if (text) onRead(text);
  }, [text, onRead]);
  return null;
}
