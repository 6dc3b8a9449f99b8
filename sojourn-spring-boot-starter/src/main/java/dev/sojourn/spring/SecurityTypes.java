package dev.sojourn.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.util.ClassUtils;

/** Types and mix-ins that the Jackson module of one part of Spring Security lacks. */
interface SecurityTypes {
    /** Returns mix-ins by type. All these types are allowed. */
    Map<Class<?>, Class<?>> mixIns();

    /** Returns further allowed types, which the module supports but does not allow. */
    default List<Class<?>> types() {
        return List.of();
    }

    /** Returns the instances for the parts that are on the class path. */
    static List<SecurityTypes> present(ClassLoader loader) {
        List<SecurityTypes> present = new ArrayList<>();
        present.add(new SecurityTypesWeb());
        if (ClassUtils.isPresent("org.springframework.security.oauth2.client.OAuth2AuthorizedClient", loader)) {
            present.add(new SecurityTypesOAuth());
        }
        if (ClassUtils.isPresent("org.springframework.security.web.webauthn.api.Bytes", loader)) {
            present.add(new SecurityTypesWebAuthn());
        }
        if (ClassUtils.isPresent("org.springframework.security.ldap.userdetails.LdapAuthority", loader)) {
            present.add(new SecurityTypesLdap());
        }
        if (ClassUtils.isPresent(
                "org.springframework.security.saml2.provider.service.authentication.Saml2Authentication", loader)) {
            present.add(new SecurityTypesSaml());
        }
        return present;
    }
}
