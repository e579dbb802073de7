// Where a section of settings was set, by whom and why.
import type { SettingsOrigin } from '~/api/deviceSettings';
import { useLanguage } from '~/i18n';
import { Time } from './Time';

export function Origin({ origin }: { origin: SettingsOrigin }) {
  const { t } = useLanguage();
  return (
    <p className="muted">
      {t(`antivirus.origin_${origin.from}`, { name: origin.name ?? '' })}
      {origin.set_by ? (
        <>
          {' · '}
          {origin.set_by}, <Time at={origin.set_at} /> · {origin.reason}
        </>
      ) : null}
    </p>
  );
}
