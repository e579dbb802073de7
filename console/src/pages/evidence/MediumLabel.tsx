// What is stuck on a disk or written on the sleeve of a disc, so that whoever finds it knows what it is.
import type { Medium } from '~/api/custodyTypes';
import { useLanguage } from '~/i18n';
import { formatDate } from '~/ui/format';
import { PrintSheet } from '~/ui/PrintSheet';

export function MediumLabel({ medium }: { medium: Medium }) {
  const { t } = useLanguage();
  const lines: [string, string][] = [
    [t('medium.kind'), t(`medium_kind.${medium.kind}`)],
    [t('medium.serial'), medium.serial],
    [t('medium.uuid'), medium.uuid],
    [t('medium.label'), medium.label],
    [t('medium.custodian'), medium.custodian],
    [t('medium.place'), medium.place],
    [t('medium.registered'), formatDate(medium.registered_at)],
    [t('medium.number'), medium.id.toUpperCase()],
  ];
  return (
    <PrintSheet title={`${t('medium.label_title')}: ${medium.name}`}>
      <dl className="medium-label">
        {lines
          .filter(([, value]) => value !== '')
          .flatMap(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name} of`}>{value}</dd>])}
      </dl>
      <p>{t('medium.label_note')}</p>
    </PrintSheet>
  );
}
