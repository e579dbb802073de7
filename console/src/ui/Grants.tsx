// Roles with their places and days, as lists show them.
import type { Grant } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatDate, isoDate } from './format';

type Days = Pick<Grant, 'valid_from' | 'valid_to'>;

export function GrantDays({ grant }: { grant: Days }) {
  const { t } = useLanguage();
  const today = isoDate(new Date());
  const from = grant.valid_from && grant.valid_from > today ? grant.valid_from : null;
  if (from && grant.valid_to)
    return <span>{t('grant.from_to', { from: formatDate(from), to: formatDate(grant.valid_to) })}</span>;
  if (from) return <span>{t('grant.from', { from: formatDate(from) })}</span>;
  if (grant.valid_to && grant.valid_to < today)
    return <span>{t('grant.ended', { to: formatDate(grant.valid_to) })}</span>;
  if (grant.valid_to) return <span>{t('grant.to', { to: formatDate(grant.valid_to) })}</span>;
  return <span>{t('grant.open')}</span>;
}

export function GrantList({ grants }: { grants: Grant[] }) {
  const { t } = useLanguage();
  if (grants.length === 0) return <span className="muted">{t('grant.none')}</span>;
  return (
    <ul className="grants">
      {grants.map((grant) => (
        <li key={`${grant.role} ${grant.agency} ${grant.delegated_by ?? ''}`}>
          {t(`role.${grant.role}`)}{' '}
          <span className="muted">
            · {grant.agency_name}
            {grant.valid_to || (grant.valid_from && grant.valid_from > isoDate(new Date())) ? (
              <>
                {' '}
                · <GrantDays grant={grant} />
              </>
            ) : null}
            {grant.delegated_by ? ` · ${t('grant.delegated')}` : ''}
          </span>
        </li>
      ))}
    </ul>
  );
}
