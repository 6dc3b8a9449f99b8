package dev.sojourn.spring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collection;
import java.util.Map;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.saml2.provider.service.authentication.Saml2Authentication;

/** The types of SAML 2. Spring Security's module expects a principal of one type. */
final class SecurityTypesSaml implements SecurityTypes {
    @Override
    public Map<Class<?>, Class<?>> mixIns() {
        return Map.ofEntries(Map.entry(Saml2Authentication.class, Saml2.class));
    }

    @JsonByFields
    abstract static class Saml2 {
        @JsonCreator
        Saml2(
                @JsonProperty("principal") Object principal,
                @JsonProperty("saml2Response") String saml2Response,
                @JsonProperty("authorities") Collection<? extends GrantedAuthority> authorities) {}
    }
}
