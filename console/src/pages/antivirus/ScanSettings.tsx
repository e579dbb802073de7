// How the machines of an agency scan themselves each week.
import { useState } from 'react';
import { useAgencySettings } from '~/api/deviceSettings';
import { useLanguage } from '~/i18n';
import { AgencySelect, useOneAgency } from '~/ui/AgencySelect';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { Loaded } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { AntivirusForm } from './AntivirusForm';
import { SectionView } from './SectionView';

export function ScanSettings() {
  const { t, language } = useLanguage();
  const [{ agency: chosen }, setParams] = useParamsState('agency');
  const { id: agency, name } = useOneAgency(chosen);
  const query = useAgencySettings(agency);
  const [setting, setSetting] = useState(false);
  return (
    <>
      <p className="muted">{t('antivirus.settings_lead')}</p>
      <div className="filters">
        <div className="filter-wide">
          <AgencySelect
            label={t('filter.agency')}
            {...(agency ? { value: agency } : {})}
            onChange={(next) => setParams({ agency: next })}
          />
        </div>
        <span className="filters-end">
          <MayButton action="device_policy_manage" type="primary" onClick={() => setSetting(true)}>
            {t('antivirus.set')}
          </MayButton>
        </span>
      </div>
      <Loaded query={query} rows={6}>
        {({ sections, origins, devices_apart }) => (
          <>
            <SectionView section={sections.antivirus} origin={origins.antivirus} />
            {devices_apart > 0 ? (
              <p>
                {t('antivirus.apart', {
                  count: devices_apart,
                  number: formatNumber(devices_apart, language),
                })}
              </p>
            ) : null}
            {setting && agency ? (
              <AntivirusForm
                of={{ agency }}
                name={name}
                section={sections.antivirus}
                own={origins.antivirus.from === 'agency' && origins.antivirus.id === agency}
                onClose={() => setSetting(false)}
              />
            ) : null}
          </>
        )}
      </Loaded>
    </>
  );
}
