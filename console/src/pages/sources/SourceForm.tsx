// A sign-in source in words that an administrator knows; the technical name stands beside each.
import { Form, Input, Radio, Select, Switch } from 'antd';
import type { ReactNode } from 'react';
import { type LdapKey, type Source, type SourceKind, useKeepSource } from '~/api/sources';
import { useLanguage } from '~/i18n';
import { AgencySelect } from '~/ui/AgencySelect';
import { Copy } from '~/ui/Copy';
import { FormModal } from '~/ui/FormModal';
import { fieldsOf, isDirectoryAddress, isPortalAddress, type SourceValues, startOf, usual } from './source';

interface Props {
  kind: SourceKind;
  source: Source | null; // To be changed; null: a new one.
  onClose: () => void;
}

export function SourceForm({ kind, source, onClose }: Props) {
  const { t } = useLanguage();
  const keep = useKeepSource(source?.id ?? null);
  const [form] = Form.useForm<SourceValues>();
  return (
    <FormModal<SourceValues>
      title={source ? `${t('source.change')}: ${source.name}` : t(`source.add_${kind}`)}
      ok={t('action.save')}
      will={t('source.will')}
      error={keep.error}
      busy={keep.isPending}
      proposed={keep.data}
      done={t('source.kept')}
      form={form}
      initial={startOf(kind, source)}
      width={760}
      onChange={(changed) => {
        // Another kind of directory has other names for the same things.
        const key = (changed.ldap as { key?: LdapKey } | undefined)?.key;
        if (key) form.setFieldsValue({ ldap: usual[key] });
      }}
      onFinish={(values) => keep.mutate(fieldsOf(kind, values))}
      onClose={onClose}
    >
      <div className="form-line form-line-wide">
        <Form.Item
          name="name"
          label={t('source.name')}
          extra={t('source.name_help')}
          rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
        >
          <Input maxLength={50} autoComplete="off" placeholder={t(`source.name_placeholder_${kind}`)} />
        </Form.Item>
        <Form.Item
          name="agency"
          label={t('source.agency')}
          extra={t('source.agency_help')}
          rules={[{ required: true, message: t('people.place_needed') }]}
        >
          <AgencySelect />
        </Form.Item>
      </div>
      {kind === 'ldap' ? <Directory /> : <Portal source={source} />}
      <Form.Item
        name="enabled"
        label={t('source.enabled')}
        valuePropName="checked"
        extra={t('source.enabled_help')}
      >
        <Switch />
      </Form.Item>
    </FormModal>
  );
}

function Text({
  name,
  label,
  help,
  placeholder,
  optional = false,
  good,
  wrong,
}: {
  name: string[];
  label: string;
  help?: ReactNode;
  placeholder?: string;
  optional?: boolean;
  good?: (text: string) => boolean;
  wrong?: string;
}) {
  const { t } = useLanguage();
  return (
    <Form.Item
      name={name}
      label={label}
      extra={help}
      rules={[
        ...(optional ? [] : [{ required: true, whitespace: true, message: t('incident.needed') }]),
        ...(good
          ? [
              {
                validator: (_: unknown, text: string | undefined) =>
                  !text?.trim() || good(text.trim())
                    ? Promise.resolve()
                    : Promise.reject(new Error(wrong ?? '')),
              },
            ]
          : []),
      ]}
    >
      <Input
        className="code-input"
        maxLength={400}
        autoComplete="off"
        spellCheck={false}
        {...(placeholder ? { placeholder } : {})}
      />
    </Form.Item>
  );
}

// Both are names of files in one folder of the server; what is in them never comes here.
function ServerFiles({ of }: { of: SourceKind }) {
  const { t } = useLanguage();
  return (
    <div className="form-line form-line-wide">
      <Text
        name={[of, 'secret_file']}
        label={t('source.secret_file')}
        help={t(`source.secret_file_help_${of}`)}
        optional={of === 'oidc'}
      />
      <Text
        name={[of, 'ca_file']}
        label={t('source.ca_file')}
        help={t(`source.ca_file_help_${of}`)}
        optional={of === 'oidc'}
      />
    </div>
  );
}

function Directory() {
  const { t } = useLanguage();
  return (
    <>
      <Form.Item name={['ldap', 'key']} label={t('source.directory_kind')} extra={t('source.key_help')}>
        <Radio.Group
          options={[
            { value: 'objectGUID', label: t('source.active_directory') },
            { value: 'entryUUID', label: t('source.open_ldap') },
          ]}
        />
      </Form.Item>
      <Form.Item
        name={['ldap', 'urls']}
        label={t('source.urls')}
        extra={t('source.urls_help')}
        rules={[
          { required: true, message: t('incident.needed') },
          ({ getFieldValue }) => ({
            validator: (_: unknown, urls: string[] | undefined) =>
              (urls ?? []).every((each) =>
                isDirectoryAddress(each, Boolean(getFieldValue(['ldap', 'start_tls']))),
              )
                ? Promise.resolve()
                : Promise.reject(new Error(t('source.urls_wrong'))),
          }),
        ]}
        dependencies={[['ldap', 'start_tls']]}
      >
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ']} maxCount={4} />
      </Form.Item>
      <Form.Item
        name={['ldap', 'start_tls']}
        label={t('source.start_tls')}
        valuePropName="checked"
        extra={t('source.start_tls_help')}
      >
        <Switch />
      </Form.Item>
      <Text
        name={['ldap', 'base']}
        label={t('source.base')}
        help={t('source.base_help')}
        placeholder="ou=CanBo,dc=bimson,dc=gov,dc=vn"
      />
      <Text name={['ldap', 'filter']} label={t('source.filter')} help={t('source.filter_help')} />
      <Text
        name={['ldap', 'bind_dn']}
        label={t('source.bind_dn')}
        help={t('source.bind_dn_help')}
        placeholder="cn=luy,ou=DichVu,dc=bimson,dc=gov,dc=vn"
      />
      <ServerFiles of="ldap" />
      <h3>{t('source.map')}</h3>
      <p className="muted">{t('source.map_help')}</p>
      <div className="form-line form-line-wide source-map">
        {(['username', 'name', 'mail', 'position', 'department'] as const).map((each) => (
          <Text
            key={each}
            name={['ldap', 'map', each]}
            label={t(`source_map.${each}`)}
            optional={each !== 'username' && each !== 'name'}
          />
        ))}
      </div>
    </>
  );
}

function Portal({ source }: { source: Source | null }) {
  const { t } = useLanguage();
  return (
    <>
      <Text
        name={['oidc', 'issuer']}
        label={t('source.issuer')}
        help={t('source.issuer_help')}
        good={isPortalAddress}
        wrong={t('source.issuer_wrong')}
      />
      <Text name={['oidc', 'client_id']} label={t('source.client_id')} help={t('source.client_id_help')} />
      <ServerFiles of="oidc" />
      {source ? <ReturnAddress source={source} /> : <p className="muted">{t('source.return_later')}</p>}
      <Form.Item
        name={['oidc', 'scopes']}
        label={t('source.scopes')}
        extra={t('source.scopes_help')}
        rules={[
          {
            validator: (_: unknown, scopes: string[] | undefined) =>
              scopes?.includes('openid')
                ? Promise.resolve()
                : Promise.reject(new Error(t('source.scopes_help'))),
          },
        ]}
      >
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ']} />
      </Form.Item>
      <Form.Item
        name={['oidc', 'second_factor']}
        label={t('source.second_factor')}
        valuePropName="checked"
        extra={t('source.second_factor_help')}
      >
        <Switch />
      </Form.Item>
    </>
  );
}

// What the portal must know of this hub.
export function ReturnAddress({ source }: { source: Source }) {
  const { t } = useLanguage();
  const address = `${window.location.origin}/api/v1/sign-in/oidc/${source.id}`;
  return (
    <p className="source-return">
      {t('source.return_address')} <code>{address}</code> <Copy text={address} />
    </p>
  );
}
