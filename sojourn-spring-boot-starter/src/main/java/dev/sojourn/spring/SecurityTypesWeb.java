package dev.sojourn.spring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.ByteArrayInputStream;
import java.security.Principal;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.jaas.JaasAuthenticationToken;
import org.springframework.security.authentication.jaas.JaasGrantedAuthority;
import org.springframework.security.authentication.ott.OneTimeTokenAuthentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.savedrequest.DefaultSavedRequest;
import org.springframework.security.web.savedrequest.SimpleSavedRequest;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.ser.std.StdScalarSerializer;
import tools.jackson.databind.util.StdConverter;

/**
 * The types of Spring Security's core and web. Spring Security's mix-ins keep only strings as credentials, drop the details of
 * an authentication or turn them into plain JSON, and support neither certificates nor JAAS.
 */
final class SecurityTypesWeb implements SecurityTypes {
    @Override
    public Map<Class<?>, Class<?>> mixIns() {
        return Map.ofEntries(
                Map.entry(UsernamePasswordAuthenticationToken.class, WithCredentials.class),
                Map.entry(PreAuthenticatedAuthenticationToken.class, WithCredentials.class),
                Map.entry(OneTimeTokenAuthentication.class, WithoutCredentials.class),
                Map.entry(JaasAuthenticationToken.class, Jaas.class),
                Map.entry(JaasGrantedAuthority.class, JaasAuthority.class),
                Map.entry(DefaultSavedRequest.class, Saved.class),
                Map.entry(SimpleSavedRequest.class, SimpleSaved.class),
                Map.entry(X509Certificate.class, Certificate.class),
                Map.entry(X500Principal.class, DistinguishedName.class));
    }

    /** A saved request without its cookies. {@link SavedRequestFormat} removes headers with credentials. */
    @JsonByFields
    @JsonDeserialize(builder = DefaultSavedRequest.Builder.class)
    abstract static class Saved {
        @JsonIgnore
        @Nullable
        Object cookies;

        @JsonSerialize(converter = HeadersConverter.class)
        @Nullable
        Object headers;

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String matchingRequestParameterName;
    }

    @JsonByFields
    abstract static class SimpleSaved {
        @JsonIgnore
        @Nullable
        Object cookies;
    }

    /** Copies headers into a map without a comparator. A saved request sorts them again when it is read. */
    static final class HeadersConverter extends StdConverter<Map<String, List<String>>, Map<String, List<String>>> {
        @Override
        public Map<String, List<String>> convert(Map<String, List<String>> headers) {
            return new LinkedHashMap<>(headers);
        }
    }

    @JsonByFields
    abstract static class WithCredentials {
        @JsonCreator
        WithCredentials(
                @JsonProperty("principal") Object principal,
                @JsonProperty("credentials") @Nullable Object credentials,
                @JsonProperty("authorities") Collection<? extends GrantedAuthority> authorities) {}
    }

    @JsonByFields
    abstract static class WithoutCredentials {
        @JsonCreator
        WithoutCredentials(
                @JsonProperty("principal") Object principal,
                @JsonProperty("authorities") Collection<? extends GrantedAuthority> authorities) {}
    }

    @JsonByFields
    @JsonDeserialize(converter = JaasLogin.Converter.class)
    abstract static class Jaas {}

    /** A JAAS login without its context, which belongs to one JVM. Spring Security does not serialize the context either. */
    @JsonIgnoreProperties("@class")
    record JaasLogin(
            @Nullable Object principal,
            @Nullable Object credentials,
            Collection<GrantedAuthority> authorities,
            @Nullable Object details,
            boolean authenticated) {
        static final class Converter extends StdConverter<JaasLogin, JaasAuthenticationToken> {
            @Override
            @SuppressWarnings("NullAway") // Spring Security takes null for a context that is gone
            public JaasAuthenticationToken convert(JaasLogin from) {
                JaasAuthenticationToken token = new JaasAuthenticationToken(
                        from.principal(), from.credentials(), List.copyOf(from.authorities()), null);
                token.setDetails(from.details());
                if (!from.authenticated()) {
                    token.setAuthenticated(false);
                }
                return token;
            }
        }
    }

    @JsonByFields
    abstract static class JaasAuthority {
        @JsonCreator
        JaasAuthority(@JsonProperty("role") String role, @JsonProperty("principal") Principal principal) {}
    }

    @JsonSerialize(using = Certificate.Serializer.class)
    @JsonDeserialize(using = Certificate.Deserializer.class)
    abstract static class Certificate {
        static final class Serializer extends StdScalarSerializer<X509Certificate> {
            Serializer() {
                super(X509Certificate.class);
            }

            @Override
            public void serialize(X509Certificate value, JsonGenerator generator, SerializationContext context) {
                try {
                    generator.writeBinary(value.getEncoded());
                } catch (CertificateEncodingException e) {
                    throw new IllegalArgumentException("a certificate that cannot be encoded", e);
                }
            }
        }

        static final class Deserializer extends StdScalarDeserializer<X509Certificate> {
            Deserializer() {
                super(X509Certificate.class);
            }

            @Override
            public X509Certificate deserialize(JsonParser parser, DeserializationContext context) {
                try {
                    return (X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(parser.getBinaryValue()));
                } catch (CertificateException e) {
                    throw new IllegalArgumentException("not a certificate", e);
                }
            }
        }
    }

    @JsonSerialize(using = DistinguishedName.Serializer.class)
    @JsonDeserialize(using = DistinguishedName.Deserializer.class)
    abstract static class DistinguishedName {
        static final class Serializer extends StdScalarSerializer<X500Principal> {
            Serializer() {
                super(X500Principal.class);
            }

            @Override
            public void serialize(X500Principal value, JsonGenerator generator, SerializationContext context) {
                generator.writeBinary(value.getEncoded());
            }
        }

        static final class Deserializer extends StdScalarDeserializer<X500Principal> {
            Deserializer() {
                super(X500Principal.class);
            }

            @Override
            public X500Principal deserialize(JsonParser parser, DeserializationContext context) {
                return new X500Principal(parser.getBinaryValue());
            }
        }
    }
}
