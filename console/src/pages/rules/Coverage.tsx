// Tactics and techniques of ATT&CK with the rules for each: what is watched, what is only written down, what has struck.
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useAttack } from '~/api/findings';
import type { AttackTechnique } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { EmptyState, Loaded } from '~/ui/Page';

export function Coverage() {
  const { t, local, language } = useLanguage();
  const query = useAttack();
  const [struckOnly, setStruckOnly] = useState(false);
  return (
    <>
      <div className="filters">
        <button
          type="button"
          className="toggle"
          aria-pressed={struckOnly}
          onClick={() => setStruckOnly(!struckOnly)}
        >
          {t('rules.struck_only')}
        </button>
      </div>
      <p className="muted">{t('rules.coverage_help')}</p>
      <Loaded query={query} rows={10}>
        {(tactics) => {
          const shown = tactics
            .map((tactic) => ({
              ...tactic,
              techniques: tactic.techniques.filter((each) => !struckOnly || each.hits_30d > 0),
            }))
            .filter((tactic) => tactic.techniques.length > 0);
          if (shown.length === 0)
            return <EmptyState why={t(struckOnly ? 'rules.nothing_struck' : 'rules.no_techniques')} />;
          return (
            <div className="attack">
              {shown.map((tactic) => (
                <section key={tactic.id} className="attack-tactic" aria-label={local(tactic.name)}>
                  <h3>
                    {local(tactic.name)}{' '}
                    <span className="muted">{formatNumber(tactic.techniques.length, language)}</span>
                  </h3>
                  <ul>
                    {tactic.techniques.map((technique) => (
                      <Technique key={technique.id} technique={technique} />
                    ))}
                  </ul>
                </section>
              ))}
            </div>
          );
        }}
      </Loaded>
    </>
  );
}

function Technique({ technique }: { technique: AttackTechnique }) {
  const { t, language } = useLanguage();
  const number = (value: number) => formatNumber(value, language);
  const cover = technique.fed > 0 ? 'attack-watched' : 'attack-unfed';
  return (
    <li className={technique.hits_30d > 0 ? 'attack-struck' : cover}>
      <Link to={`/rules?technique=${technique.id}`}>
        <span className="attack-id">{technique.id}</span> {technique.name}
      </Link>
      <span className="attack-numbers">
        {t('rules.technique_numbers', {
          fed: number(technique.fed),
          rules: number(technique.rules),
        })}
        {technique.hits_30d > 0 ? (
          <strong>
            {' · '}
            {t('rules.technique_hits', { count: technique.hits_30d, number: number(technique.hits_30d) })}
          </strong>
        ) : null}
      </span>
    </li>
  );
}
