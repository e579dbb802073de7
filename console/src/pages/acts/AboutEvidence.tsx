// Acts that take away from the evidence: for whom a term holds; which records lose their content, without saying what is in them.
import { Link } from 'react-router-dom';
import { useMay } from '~/api/queries';
import type { Act, JsonObject } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatBytes, formatNumber } from '~/ui/format';
import { Time } from '~/ui/Time';
import { useNames } from '~/ui/useNames';

export function AboutEvidence({ act }: { act: Act }) {
  const { t } = useLanguage();
  switch (act.kind) {
    case 'retention_set':
      return (
        <>
          {act.state === 'waiting' ? <p>{t('waiting.retention_set')}</p> : null}
          <Holds of={act.after as JsonObject} />
        </>
      );
    case 'retention_remove':
      return (
        <>
          {act.state === 'waiting' ? <p>{t('waiting.retention_remove')}</p> : null}
          <Holds of={act.before as JsonObject} />
        </>
      );
    case 'evidence_erase':
      return (
        <>
          {act.state === 'waiting' ? <p>{t('waiting.evidence_erase')}</p> : null}
          <Records of={(act.after as JsonObject).records} />
        </>
      );
    default:
      return null;
  }
}

function Holds({ of }: { of: JsonObject }) {
  const { t } = useLanguage();
  const { name } = useNames();
  const where = typeof of.agency === 'string' ? name(of.agency) : t('term.everywhere');
  const what =
    typeof of.class === 'string'
      ? t(`source_class.${of.class}` as 'source_class.server', { defaultValue: of.class })
      : t('term.every_class');
  return (
    <>
      <p>
        <strong>{where}</strong> · {what}
      </p>
      <p>
        <Link to="/evidence?tab=terms">{t('waiting.see_terms')}</Link>
      </p>
    </>
  );
}

const rowsShown = 20;

function Records({ of }: { of: unknown }) {
  const { t, language } = useLanguage();
  const mayProve = useMay('evidence_prove');
  const { name } = useNames();
  const all = (Array.isArray(of) ? of : []) as JsonObject[];
  return (
    <table className="change-table" aria-label={t('waiting.records')}>
      <thead>
        <tr>
          <th scope="col">{t('waiting.record')}</th>
          <th scope="col">{t('waiting.received')}</th>
          <th scope="col">{t('waiting.from')}</th>
          <th scope="col">{t('waiting.size')}</th>
          <th scope="col">{t('waiting.leaf')}</th>
        </tr>
      </thead>
      <tbody>
        {all.slice(0, rowsShown).map((one) => (
          <tr key={String(one.seq)}>
            <th scope="row">
              {mayProve ? <Link to={`/proof/${String(one.seq)}`}>{String(one.seq)}</Link> : String(one.seq)}
            </th>
            <td>
              <Time at={typeof one.received === 'string' ? one.received : null} seconds />
            </td>
            <td>{sourceWords(one.source, name)}</td>
            <td>{typeof one.bytes === 'number' ? formatBytes(one.bytes, language) : '–'}</td>
            <td>
              <code title={String(one.leaf ?? '')}>{String(one.leaf ?? '').slice(0, 12)}…</code>
            </td>
          </tr>
        ))}
        {all.length > rowsShown ? (
          <tr>
            <td colSpan={5}>
              {t('waiting.more_records', {
                count: all.length - rowsShown,
                number: formatNumber(all.length - rowsShown, language),
              })}
            </td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

// "<agency>/<device>/<stream>": the device by its name.
function sourceWords(source: unknown, name: (id: string) => string): string {
  const [, device = '', ...stream] = String(source ?? '').split('/');
  return [device === 'hub' ? '' : name(device), stream.join('/')].filter(Boolean).join(' · ');
}
