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
 * Spring Security's core and web. Its own mix-ins keep only texts as credentials, drop the details of an authentication or
 * make JSON of them, and know neither certificates nor JAAS.
 */
final class MoreOfWeb implements MoreTypes {
    @Override
    public Map<Class<?>, Class<?>> mixIns() {
        return Map.ofEntries(
                Map.entry(UsernamePasswordAuthenticationToken.class, WithCredentials.class),
                Map.entry(PreAuthenticatedAuthenticationToken.class, WithCredentials.class),
                Map.entry(OneTimeTokenAuthentication.class, WithoutCredentials.class),
                Map.entry(JaasAuthenticationToken.class, Jaas.class),
                Map.entry(JaasGrantedAuthority.class, JaasAuthority.class),
                Map.entry(DefaultSavedRequest.class, Saved.class),
                Map.entry(SimpleSavedRequest.class, SimplySaved.class),
                Map.entry(X509Certificate.class, Certificate.class),
                Map.entry(X500Principal.class, DistinguishedName.class));
    }

    /** Without the cookies; of the headers {@link SavedRequests} leaves out what opens something. */
    @ByFields
    @JsonDeserialize(builder = DefaultSavedRequest.Builder.class)
    abstract static class Saved {
        @JsonIgnore
        @Nullable
        Object cookies;

        @JsonSerialize(converter = Unsorted.class)
        @Nullable
        Object headers;

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String matchingRequestParameterName;
    }

    @ByFields
    abstract static class SimplySaved {
        @JsonIgnore
        @Nullable
        Object cookies;
    }

    /** A saved request sorts its headers by itself. */
    static final class Unsorted extends StdConverter<Map<String, List<String>>, Map<String, List<String>>> {
        @Override
        public Map<String, List<String>> convert(Map<String, List<String>> headers) {
            return new LinkedHashMap<>(headers);
        }
    }

    @ByFields
    abstract static class WithCredentials {
        @JsonCreator
        WithCredentials(
                @JsonProperty("principal") Object principal,
                @JsonProperty("credentials") @Nullable Object credentials,
                @JsonProperty("authorities") Collection<? extends GrantedAuthority> authorities) {}
    }

    @ByFields
    abstract static class WithoutCredentials {
        @JsonCreator
        WithoutCredentials(
                @JsonProperty("principal") Object principal,
                @JsonProperty("authorities") Collection<? extends GrantedAuthority> authorities) {}
    }

    @ByFields
    @JsonDeserialize(converter = JaasLogin.Again.class)
    abstract static class Jaas {}

    /** A JAAS login without its context, which is of one JVM, and which Spring Security does not serialize either. */
    @JsonIgnoreProperties("@class")
    record JaasLogin(
            @Nullable Object principal,
            @Nullable Object credentials,
            Collection<GrantedAuthority> authorities,
            @Nullable Object details,
            boolean authenticated) {
        static final class Again extends StdConverter<JaasLogin, JaasAuthenticationToken> {
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

    @ByFields
    abstract static class JaasAuthority {
        @JsonCreator
        JaasAuthority(@JsonProperty("role") String role, @JsonProperty("principal") Principal principal) {}
    }

    @JsonSerialize(using = Certificate.Encoding.class)
    @JsonDeserialize(using = Certificate.Decoding.class)
    abstract static class Certificate {
        static final class Encoding extends StdScalarSerializer<X509Certificate> {
            Encoding() {
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

        static final class Decoding extends StdScalarDeserializer<X509Certificate> {
            Decoding() {
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

    @JsonSerialize(using = DistinguishedName.Encoding.class)
    @JsonDeserialize(using = DistinguishedName.Decoding.class)
    abstract static class DistinguishedName {
        static final class Encoding extends StdScalarSerializer<X500Principal> {
            Encoding() {
                super(X500Principal.class);
            }

            @Override
            public void serialize(X500Principal value, JsonGenerator generator, SerializationContext context) {
                generator.writeBinary(value.getEncoded());
            }
        }

        static final class Decoding extends StdScalarDeserializer<X500Principal> {
            Decoding() {
                super(X500Principal.class);
            }

            @Override
            public X500Principal deserialize(JsonParser parser, DeserializationContext context) {
                return new X500Principal(parser.getBinaryValue());
            }
        }
    }
}
