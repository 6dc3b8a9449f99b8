package dev.sojourn.spring;

import java.util.List;
import java.util.Map;
import org.springframework.security.ldap.userdetails.LdapAuthority;

/** The types of LDAP. Spring Security's module can read an authority but does not allow its type. */
final class SecurityTypesLdap implements SecurityTypes {
    @Override
    public Map<Class<?>, Class<?>> mixIns() {
        return Map.of();
    }

    @Override
    public List<Class<?>> types() {
        return List.of(LdapAuthority.class);
    }
}
