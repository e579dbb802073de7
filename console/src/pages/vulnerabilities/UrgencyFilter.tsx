// From which urgency on things are shown.
import { Select } from 'antd';
import { useLanguage } from '~/i18n';

const choices = ['low', 'medium', 'high', 'critical'] as const;

export function UrgencyFilter({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (urgency: string | undefined) => void;
}) {
  const { t } = useLanguage();
  return (
    <Select
      aria-label={t('vulnerabilities.urgency')}
      value={value ?? ''}
      onChange={(next) => onChange(next || undefined)}
      options={[
        { value: '', label: t('vulnerabilities.any_urgency') },
        ...choices.map((each) => ({
          value: each,
          label: t('vulnerabilities.from_urgency', { urgency: t(`urgency.${each}`) }),
        })),
      ]}
    />
  );
}
