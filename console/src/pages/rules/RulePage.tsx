// One rule: what it looks for and means, whether it is armed and who switched it, its exceptions, its hits, its text.
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { useRule } from '~/api/findings';
import type { RuleDetail } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { Loaded, Page, Section } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { ScrollRegion } from '~/ui/ScrollRegion';
import { SeverityTag } from '~/ui/SeverityTag';
import { Age, Time } from '~/ui/Time';
import { Hunt } from './Hunt';
import { Exceptions } from './RuleExceptions';
import { DeleteRule, SwitchRule } from './RuleSwitch';
import '../findings/findings.css';
import './rules.css';

export default function RulePage() {
  const { t, local } = useLanguage();
  const { rule: id = '' } = useParams();
  const navigate = useNavigate();
  const query = useRule(id);
  const [switching, setSwitching] = useState(false);
  const [deleting, setDeleting] = useState(false);
  // "hunt" opens with a click, or because the rule was saved just now ("saved").
  const [{ hunt, exception }, setParams] = useParamsState('hunt', 'exception');
  const rule = query.data;
  return (
    <Page
      title={rule ? local(rule.title) : t('rules.one')}
      lead={rule ? <SeverityTag severity={rule.level} /> : undefined}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/rules">{t('nav.rules')}</Link>
        </nav>
      }
      extra={
        rule ? (
          <>
            {rule.origin === 'local' ? (
              <MayButton
                action="rule_manage"
                onClick={() => navigate(`/rules/new?from=${encodeURIComponent(id)}`)}
              >
                {t('rules.edit')}
              </MayButton>
            ) : null}
            <MayButton action="rule_run" onClick={() => setParams({ hunt: 'asked' })}>
              {t('runs.hunt')}
            </MayButton>
            <MayButton action="rule_manage" onClick={() => setSwitching(true)}>
              {t(rule.enabled ? 'rules.switch_off' : 'rules.switch_on')}
            </MayButton>
            {rule.origin === 'local' ? (
              <MayButton action="rule_manage" onClick={() => setDeleting(true)}>
                {t('rules_delete.title')}
              </MayButton>
            ) : null}
          </>
        ) : null
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={10}>
        {(data) => (
          <>
            <Facts rule={data} />
            <Meaning rule={data} />
            <Exceptions
              rule={data}
              draft={exception}
              onDraftDone={() => setParams({ exception: undefined })}
            />
            <Section title={t('rules.text')}>
              <ScrollRegion label={t('rules.text')} className="rule-text">
                <pre>{data.yaml}</pre>
              </ScrollRegion>
            </Section>
            {hunt && !exception ? (
              <Hunt rules={[id]} saved={hunt === 'saved'} onClose={() => setParams({ hunt: undefined })} />
            ) : null}
            {switching ? <SwitchRule rule={data} onClose={() => setSwitching(false)} /> : null}
            {deleting ? <DeleteRule rule={data} onClose={() => setDeleting(false)} /> : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}

const armed = { seen: 'rules.on', possible: 'rules.silent', never: 'rules.unfed' } as const;

function Facts({ rule }: { rule: RuleDetail }) {
  const { t, language } = useLanguage();
  return (
    <dl className="facts facts-row">
      <div>
        <dt>{t('rules.armed')}</dt>
        <dd>
          {t(!rule.enabled ? 'rules.off' : armed[rule.fed])}
          {rule.switched ? (
            <span className="muted">
              {' – '}
              {rule.switched.by}, <Time at={rule.switched.at} />: {rule.switched.reason}
            </span>
          ) : null}
        </dd>
      </div>
      <div>
        <dt>{t('rules.origin')}</dt>
        <dd>
          {t(`rule_origin.${rule.origin}`)}
          {rule.version > 0 ? ` · ${t('rules.version', { version: rule.version })}` : ''}
        </dd>
      </div>
      {rule.fed_by.length > 0 ? (
        <div>
          <dt>{t('rules.fed_by')}</dt>
          <dd>{rule.fed_by.join(', ')}</dd>
        </div>
      ) : null}
      <div>
        <dt>{t('rules.hits')}</dt>
        <dd>
          <Link to={`/findings?state=all&rule=${encodeURIComponent(rule.id)}`}>
            {formatNumber(rule.hits_30d, language)}
          </Link>
        </dd>
      </div>
      <div>
        <dt>{t('rules.last_hit')}</dt>
        <dd>
          <Age at={rule.last_hit} />
        </dd>
      </div>
      {rule.attack.length > 0 ? (
        <div>
          <dt>ATT&CK</dt>
          <dd>{rule.attack.map((each) => `${each.id} ${each.name}`).join('; ')}</dd>
        </div>
      ) : null}
      {rule.articles.length > 0 ? (
        <div>
          <dt>{t('home.article')}</dt>
          <dd>{rule.articles.join('; ')}</dd>
        </div>
      ) : null}
    </dl>
  );
}

function Meaning({ rule }: { rule: RuleDetail }) {
  const { t, local } = useLanguage();
  const steps = rule.first_steps.map(local);
  const alarms = rule.false_positives.map(local);
  return (
    <>
      <Section title={t('rules.meaning')}>
        <p className="story">{local(rule.meaning)}</p>
        {rule.description ? <p className="story muted">{rule.description}</p> : null}
      </Section>
      {steps.length > 0 ? (
        <Section title={t('findings.first_steps')}>
          <ol className="first-steps">
            {steps.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ol>
        </Section>
      ) : null}
      {alarms.length > 0 ? (
        <Section title={t('findings.false_positives')}>
          <ul className="first-steps">
            {alarms.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  );
}
