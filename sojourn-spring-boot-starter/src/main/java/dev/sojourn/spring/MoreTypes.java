package dev.sojourn.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.util.ClassUtils;

/** What the Jackson module of one part of Spring Security lacks. */
interface MoreTypes {
    /** How Jackson is to see its types; all of them are allowed. */
    Map<Class<?>, Class<?>> mixIns();

    /** Types that its module knows and does not allow. */
    default List<Class<?>> types() {
        return List.of();
    }

    /** Those of the parts that are on the class path. */
    static List<MoreTypes> present(ClassLoader loader) {
        List<MoreTypes> present = new ArrayList<>();
        present.add(new MoreOfWeb());
        if (ClassUtils.isPresent("org.springframework.security.oauth2.client.OAuth2AuthorizedClient", loader)) {
            present.add(new MoreOfOAuth());
        }
        if (ClassUtils.isPresent("org.springframework.security.web.webauthn.api.Bytes", loader)) {
            present.add(new MoreOfWebAuthn());
        }
        if (ClassUtils.isPresent("org.springframework.security.ldap.userdetails.LdapAuthority", loader)) {
            present.add(new MoreOfLdap());
        }
        if (ClassUtils.isPresent(
                "org.springframework.security.saml2.provider.service.authentication.Saml2Authentication", loader)) {
            present.add(new MoreOfSaml());
        }
        return present;
    }
}
