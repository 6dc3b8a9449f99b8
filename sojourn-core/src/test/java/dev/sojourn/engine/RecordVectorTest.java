package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sojourn.Device;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples and rules of {@code docs/reference/record-format.md}. */
class RecordVectorTest {
    private static final Instant EXPIRES = Instant.ofEpochMilli(1_795_466_036_349L);

    private final SojournRecordFormat format = new SojournRecordFormat();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'format':1,'created':1795464236327,'attributes':{'views':1}}",
                "{'format':1,'created':1795464236327,'successor':'BAXGKhscKHcpG1V2Cl9t801WRMxPCG7pzuy_A7swIpI'}",
                "{'format':1,'created':1795464236515,'idleTimeout':2592000000,'absoluteTimeout':2592000000,"
                        + "'cookie':'session','sameSite':'STRICT','attributes':{'role':'admin','price':1.5}}",
                "{'format':1,'created':1795464433392,'written':1795464433393,'attributes':{'views':1}}",
                "{'format':1,'created':1795464236327,'rotation':{'n':7,'at':1795464296327},'attributes':{'views':1}}",
                "{'format':1,'created':1795464236327,'rotation':{'n':8,'at':1795464296327,'from':6}}",
                "{'format':1,'created':1795464236327,'signIn':{'amr':['pwd','otp'],'scopes':{'payments':1795464536327}},"
                        + "'device':{'name':'Firefox on Linux','ip':'192.0.2.0'},'attributes':{'views':1}}",
                "{'format':1,'created':1795464236327,'signIn':{'at':1795462436327,'amr':['fed'],'acr':'aal2',"
                        + "'iss':'https://id.example.com','sid':'08a5019c-17e1'}}",
                "{'format':1,'created':1795464236327,'absoluteTimeout':900000,'signIn':{'by':'admin'}}",
                "{'format':1,'created':1795464236515,'written':1795500236515,'idleTimeout':0,'absoluteTimeout':2592000000,"
                        + "'rotation':{'n':2,'at':1795500236515},'remember':{'kind':'browser'}}",
                "{'format':1,'created':1795500236515,'signIn':{'at':1795464236515},'remember':{'kind':'remembered',"
                        + "'browser':'BAXGKhscKHcpG1V2Cl9t801WRMxPCG7pzuy_A7swIpI'}}"
            })
    void the_documented_records_are_rewritten_byte_for_byte(String record) {
        String json = record.replace('\'', '"');

        assertThat(rewrite(json)).isEqualTo(json);
    }

    @Test
    void unknown_members_pass_through() {
        String json = "{ \"created\" : 1795464236327 , \"color\" : \"red\" , \"format\" : 1 , \"price\" : 1.50,"
                + " \"attributes\" : { \"n\" : 1.50 , \"big\": 12345678901234567890, \"n\": 2.50 } }";

        assertThat(rewrite(json))
                .isEqualTo("{\"format\":1,\"created\":1795464236327,\"color\":\"red\",\"price\":1.50,"
                        + "\"attributes\":{\"n\" : 1.50,\"big\": 12345678901234567890,\"n\": 2.50}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'format':2,'created':1}",
                "{'format':1.9,'created':1}",
                "{'format':1}",
                "{'format':1,'created':1.9}",
                "{'format':1,'created':null}",
                "{'format':1,'created':1,'lease':null}",
                "{'format':1,'created':1,'lease':{'holder':'a b','until':2}}",
                "{'format':1,'created':1,'lease':{'holder':'ab'}}",
                "{'format':1,'created':1,'lease':{'until':2}}",
                "{'format':1,'created':1,'lease':{'holder':'ab','until':2.5}}",
                "{'format':1,'created':1,'rotation':null}",
                "{'format':1,'created':1,'rotation':{'n':1}}",
                "{'format':1,'created':1,'rotation':{'at':1}}",
                "{'format':1,'created':1,'rotation':{'n':0,'at':1}}",
                "{'format':1,'created':1,'rotation':{'n':2.5,'at':1}}",
                "{'format':1,'created':1,'rotation':{'n':2,'at':1,'from':2}}",
                "{'format':1,'created':1,'signIn':null}",
                "{'format':1,'created':1,'signIn':['pwd']}",
                "{'format':1,'created':1,'signIn':{'at':1.5}}",
                "{'format':1,'created':1,'signIn':{'at':'1'}}",
                "{'format':1,'created':1,'signIn':{'amr':'pwd'}}",
                "{'format':1,'created':1,'signIn':{'amr':[1]}}",
                "{'format':1,'created':1,'signIn':{'amr':['']}}",
                "{'format':1,'created':1,'signIn':{'amr':['1','2','3','4','5','6','7','8','9']}}",
                "{'format':1,'created':1,'signIn':{'acr':null}}",
                "{'format':1,'created':1,'signIn':{'iss':'a\\u0000b'}}",
                "{'format':1,'created':1,'signIn':{'sid':'\\ud800'}}",
                "{'format':1,'created':1,'signIn':{'by':{}}}",
                "{'format':1,'created':1,'signIn':{'scopes':['payments']}}",
                "{'format':1,'created':1,'signIn':{'scopes':{'payments':true}}}",
                "{'format':1,'created':1,'signIn':{'scopes':{'':1}}}",
                "{'format':1,'created':1,'remember':null}",
                "{'format':1,'created':1,'remember':{}}",
                "{'format':1,'created':1,'remember':{'kind':'browser'}}",
                "{'format':1,'created':1,'remember':{'kind':'remembered'}}",
                "{'format':1,'created':1,'remember':{'kind':'thief','browser':'BAXGKhscKHcpG1V2Cl9t801WRMxPCG7pzuy_A7swIpI'}}",
                "{'format':1,'created':1,'remember':{'kind':'signed-in','browser':'BAXGKhscKHcpG1V2Cl9t801WRMxPCG7pzuy'}}",
                "{'format':1,'created':1,'device':null}",
                "{'format':1,'created':1,'device':{}}",
                "{'format':1,'created':1,'device':{'name':''}}",
                "{'format':1,'created':1,'device':{'name':'a\\nb'}}",
                "{'format':1,'created':1,'device':{'ip':1}}",
                "{'format':1,'created':1,'successor':null}",
                "{'format':1,'created':1,'successor':42}",
                "{'format':1,'created':1,'idleTimeout':-5}",
                "{'format':1,'created':1,'idleTimeout':9223372036854775807}",
                "{'format':1,'created':1,'cookie':0}",
                "{'format':1,'created':1,'sameSite':'Lax'}",
                "{'format':1,'created':1,'attributes':null}",
                "{'format':1,'created':1} {}"
            })
    void a_record_with_a_member_of_another_type_or_out_of_bounds_is_unreadable(String record) {
        assertUnreadable(record.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void the_time_of_a_sign_in_is_written_only_if_it_is_not_that_of_the_creation() {
        assertThat(rewrite("{\"format\":1,\"created\":7,\"signIn\":{\"at\":7}}"))
                .isEqualTo("{\"format\":1,\"created\":7}");
        assertThat(rewrite(
                        "{\"format\":1,\"created\":7,\"signIn\":{\"at\":7,\"amr\":[\"pwd\"],\"later\":{\"x\":[1]}}}"))
                .isEqualTo("{\"format\":1,\"created\":7,\"signIn\":{\"amr\":[\"pwd\"]}}");
    }

    @Test
    void the_longest_device_takes_120_bytes() {
        Device device = new Device("x".repeat(Device.LONGEST_NAME), "f".repeat(Device.LONGEST_ADDRESS));
        SessionRecord without = SessionRecord.live(EXPIRES, "alice");

        assertThat(SojournRecordFormat.payload(without.withDevice(device)).length
                        - SojournRecordFormat.payload(without).length)
                .isEqualTo(120);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE"})
    void a_record_in_another_encoding_is_unreadable(String charset) {
        assertUnreadable(
                "{\"format\":1,\"created\":1,\"x\":2,\"attributes\":{\"a\":1}}".getBytes(Charset.forName(charset)));
    }

    private String rewrite(String json) {
        SessionRecord record = format.read(storedSession(json.getBytes(StandardCharsets.UTF_8)));
        return new String(format.write(record, EXPIRES).payload(), StandardCharsets.UTF_8);
    }

    private void assertUnreadable(byte[] payload) {
        assertThatExceptionOfType(UnreadableRecordException.class)
                .isThrownBy(() -> format.read(storedSession(payload)));
    }

    private static StoredSession storedSession(byte[] payload) {
        return new StoredSession(payload, 1, EXPIRES, null);
    }
}
