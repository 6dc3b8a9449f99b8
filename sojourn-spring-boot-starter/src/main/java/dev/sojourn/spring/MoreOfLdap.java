package dev.sojourn.spring;

import java.util.List;
import java.util.Map;
import org.springframework.security.ldap.userdetails.LdapAuthority;

/** LDAP, whose module knows how an authority is read and does not allow it. */
final class MoreOfLdap implements MoreTypes {
    @Override
    public Map<Class<?>, Class<?>> mixIns() {
        return Map.of();
    }

    @Override
    public List<Class<?>> types() {
        return List.of(LdapAuthority.class);
    }
}
