// A package of rules from a file: first what it would bring, rule by refused rule with the reason, then taken over.
import { Input } from 'antd';
import { useId, useState } from 'react';
import { Link } from 'react-router-dom';
import { useImportRules } from '~/api/findings';
import type { RuleImport } from '~/api/types';
import { useLanguage } from '~/i18n';
import { DataTable } from '~/ui/DataTable';
import { FileDrop } from '~/ui/FileDrop';
import { formatBytes, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Page, Section } from '~/ui/Page';
import { Hunt } from './Hunt';
import './rules.css';

// As the contract has them.
const packageBytesMax = 8 * 1024 * 1024;
const packageName = /^[a-z0-9-]{0,40}$/;
const huntRulesMax = 200;
const shownRulesMax = 20;

// In pieces: one call with millions of arguments is refused.
async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const piece = 0x8000;
  let text = '';
  for (let at = 0; at < bytes.length; at += piece)
    text += String.fromCharCode(...bytes.subarray(at, at + piece));
  return btoa(text);
}

export default function ImportRulesPage() {
  const { t, language } = useLanguage();
  const load = useImportRules();
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState('');
  const named = useId();
  const nameIsWrong = !packageName.test(name);
  const tooLarge = file !== null && file.size > packageBytesMax;
  const result = load.data;
  const send = async (preview: boolean) => {
    if (file && !tooLarge && !nameIsWrong) load.mutate({ package: await base64Of(file), name, preview });
  };
  return (
    <Page
      title={t('rule_import.title')}
      lead={t('rule_import.lead')}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/rules">{t('nav.rules')}</Link>
        </nav>
      }
    >
      {load.error ? <ErrorNote error={load.error} /> : null}
      <FileDrop
        label={t('rule_import.drop')}
        accept=".tar,.tgz,.gz,application/gzip,application/x-tar"
        chosen={
          file
            ? tooLarge
              ? t('rule_import.too_large')
              : t('rule_import.chosen', { name: file.name, size: formatBytes(file.size, language) })
            : undefined
        }
        onFile={(chosen) => {
          setFile(chosen);
          load.reset();
        }}
      />
      <label htmlFor={named}>{t('rule_import.name')}</label>
      <Input
        id={named}
        className="code-input import-name"
        value={name}
        maxLength={40}
        autoComplete="off"
        aria-describedby={`${named}-help`}
        {...(nameIsWrong ? { status: 'error' as const } : {})}
        onChange={(event) => {
          setName(event.target.value);
          load.reset();
        }}
      />
      <p id={`${named}-help`} className="muted">
        {t('rule_import.name_help')}
      </p>
      <div className="worklist-actions">
        <MayButton
          action="rule_manage"
          disabled={!file || tooLarge || nameIsWrong}
          loading={load.isPending}
          onClick={() => void send(true)}
        >
          {t('rule_import.preview')}
        </MayButton>
        {result?.preview ? (
          <MayButton
            action="rule_manage"
            type="primary"
            disabled={result.rules === 0}
            loading={load.isPending}
            onClick={() => void send(false)}
          >
            {t('rule_import.apply')}
          </MayButton>
        ) : null}
      </div>
      {result ? <Result result={result} /> : null}
    </Page>
  );
}

function Result({ result }: { result: RuleImport }) {
  const { t, language } = useLanguage();
  const [hunting, setHunting] = useState(false);
  const waits = result.act !== null;
  const facts = ['rules', 'new', 'gone', 'enabled', 'unfed', 'waiting', 'files'] as const;
  const heading = t(result.preview || waits ? 'rule_import.would' : 'rule_import.brought');
  return (
    <>
      <Section title={heading}>
        <p className="visually-hidden" role="status">
          {heading}
        </p>
        {result.lessened.length > 0 && (result.preview || waits) ? (
          <div className="will-happen">
            <p>
              {t(waits ? 'rule_import.waits' : 'rule_import.takes_two', {
                number: formatNumber(result.lessened.length, language),
              })}{' '}
              {waits ? <Link to="/acts">{t('nav.acts')}</Link> : null}
            </p>
            <ul>
              {result.lessened.slice(0, shownRulesMax).map((rule) => (
                <li key={rule}>
                  <Link to={`/rules/${encodeURIComponent(rule)}`}>{rule}</Link>
                </li>
              ))}
            </ul>
          </div>
        ) : null}
        <dl className="facts facts-row">
          {facts.map((name) => (
            <div key={name}>
              <dt>{t(`rule_import.${name}`)}</dt>
              <dd>{formatNumber(result[name], language)}</dd>
            </div>
          ))}
          <div>
            <dt>{t('rule_import.refused')}</dt>
            <dd>{formatNumber(result.refused.length, language)}</dd>
          </div>
        </dl>
        <h3>{t('rule_import.packages')}</h3>
        <ul>
          {result.packages.map((one) => (
            <li key={one.name}>
              {one.name || t('rule_import.unnamed')}
              {': '}
              {t('rule_import.package_files', { number: formatNumber(one.files, language) })}
            </li>
          ))}
        </ul>
        {result.preview || waits ? null : (
          <p className="import-next">
            <Link to="/rules?origin=imported">{t('rule_import.to_rules')}</Link>
          </p>
        )}
        {!result.preview && !waits && result.new_rules.length > 0 ? (
          <div className="will-happen">
            <p>
              {t('rule_import.hunt_ask', {
                count: result.new_rules.length,
                number: formatNumber(result.new_rules.length, language),
              })}{' '}
              {result.new_rules.length > huntRulesMax
                ? t('rule_import.hunt_first', { number: formatNumber(huntRulesMax, language) })
                : ''}
            </p>
            <div className="worklist-actions">
              <MayButton action="rule_run" onClick={() => setHunting(true)}>
                {t('runs.hunt')}
              </MayButton>
            </div>
          </div>
        ) : null}
      </Section>
      <Refused list={result.refused} />
      {hunting ? (
        <Hunt rules={result.new_rules.slice(0, huntRulesMax)} onClose={() => setHunting(false)} />
      ) : null}
    </>
  );
}

function Refused({ list }: { list: RuleImport['refused'] }) {
  const { t, local } = useLanguage();
  return (
    <Section title={t('rule_import.refused')}>
      <DataTable
        label={t('rule_import.refused')}
        rows={list}
        rowKey={(row) => `${row.file} ${row.line} ${row.id} ${row.code}`}
        columns={[
          {
            key: 'title',
            title: t('rules.one'),
            primary: true,
            render: (row) => row.title || row.id || row.file,
          },
          {
            key: 'why',
            title: t('rules.why'),
            render: (row) => (
              <span className="two-lines">
                {local(row)}
                <span className="muted">{row.code}</span>
              </span>
            ),
          },
          {
            key: 'file',
            title: t('rules.file'),
            render: (row) => <code className="code-input">{`${row.file}:${row.line}`}</code>,
          },
        ]}
        empty={<EmptyState why={t('rule_import.none_refused')} />}
      />
    </Section>
  );
}
