// What the machines of an agency back up, where none of them was set apart.
import { useAgencySettings } from '~/api/deviceSettings';
import { useLanguage } from '~/i18n';
import { AgencySelect, useOneAgency } from '~/ui/AgencySelect';
import { formatNumber } from '~/ui/format';
import { Loaded } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { BackupPlan } from './BackupPlan';

export function AgencyPlan() {
  const { t, language } = useLanguage();
  const [{ agency: chosen }, setParams] = useParamsState('agency');
  const { id: agency, name } = useOneAgency(chosen);
  const query = useAgencySettings(agency);
  return (
    <>
      <div className="filters">
        <div className="filter-wide">
          <AgencySelect
            label={t('filter.agency')}
            {...(agency ? { value: agency } : {})}
            onChange={(next) => setParams({ agency: next })}
          />
        </div>
      </div>
      <Loaded query={query} rows={6}>
        {({ sections, origins, devices_apart }) => (
          <>
            {agency ? (
              <BackupPlan of={{ agency }} name={name} section={sections.backup} origin={origins.backup} />
            ) : null}
            {devices_apart > 0 ? (
              <p>
                {t('antivirus.apart', {
                  count: devices_apart,
                  number: formatNumber(devices_apart, language),
                })}
              </p>
            ) : null}
          </>
        )}
      </Loaded>
    </>
  );
}
