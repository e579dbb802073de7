// The weekly scan as it is set, and where it was set.
import type { AntivirusSettings, SettingsOrigin } from '~/api/deviceSettings';
import { useLanguage } from '~/i18n';
import { clockOf } from '~/ui/clock';
import { formatBytes, formatNumber } from '~/ui/format';
import { Origin } from '~/ui/Origin';

const days = ['day_1', 'day_2', 'day_3', 'day_4', 'day_5', 'day_6', 'day_7'] as const;

export function SectionView({ section, origin }: { section: AntivirusSettings; origin: SettingsOrigin }) {
  const { t, language } = useLanguage();
  const yes = (value: boolean) => t(value ? 'antivirus.yes' : 'antivirus.no');
  const paths = (list: string[]) =>
    list.length === 0 ? (
      <span className="muted">–</span>
    ) : (
      <span className="value-list">
        {list.map((each) => (
          <code key={each}>{each}</code>
        ))}
      </span>
    );
  return (
    <>
      <dl className="facts facts-row">
        <div>
          <dt>{t('antivirus.scan')}</dt>
          <dd>{yes(section.scan)}</dd>
        </div>
        <div>
          <dt>{t('antivirus.when')}</dt>
          <dd>
            {t(`antivirus.${days[section.weekday - 1] ?? 'day_1'}`)}, {clockOf(section.from_minute)}–
            {clockOf(section.until_minute)}
          </dd>
        </div>
        <div>
          <dt>{t('antivirus.paths')}</dt>
          <dd>{paths(section.paths)}</dd>
        </div>
        <div>
          <dt>{t('antivirus.excludes')}</dt>
          <dd>{paths(section.excludes)}</dd>
        </div>
        <div>
          <dt>{t('antivirus.other_file_systems')}</dt>
          <dd>{yes(section.other_file_systems)}</dd>
        </div>
        <div>
          <dt>{t('antivirus.file_max')}</dt>
          <dd>{formatBytes(section.file_bytes_max, language)}</dd>
        </div>
        <div>
          <dt>{t('antivirus.busy_percent')}</dt>
          <dd>{formatNumber(section.busy_percent, language)} %</dd>
        </div>
        <div>
          <dt>{t('antivirus.pause_load_percent')}</dt>
          <dd>{formatNumber(section.pause_load_percent, language)} %</dd>
        </div>
        <div>
          <dt>{t('antivirus.pause_on_battery')}</dt>
          <dd>{yes(section.pause_on_battery)}</dd>
        </div>
        <div>
          <dt>{t('antivirus.infected')}</dt>
          <dd>{t(`antivirus.infected_${section.infected}`)}</dd>
        </div>
        <div>
          <dt>{t('antivirus.official')}</dt>
          <dd>{t(`antivirus.official_${section.official_signatures ?? 'offline'}`)}</dd>
        </div>
      </dl>
      <Origin origin={origin} />
    </>
  );
}
