package io.fleuve.gateway.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PatternTest {

    private static final JsonMapper MAPPER = new JsonMapper();

    @Test
    void tellsNullFromAbsentAndFindsWhatIsMissingOrTooMuch() {
        assertThat(compare("{'a':null}", "{'a':null}")).isEmpty();
        assertThat(compare("{'a':null}", "{}")).hasSize(1);
        assertThat(compare("{}", "{'a':null}")).hasSize(1);
        assertThat(compare("{'...':true,'b':1}", "{'a':null,'b':1}")).isEmpty();
        assertThat(compare("{'...':true,'b':1}", "{'a':null}")).hasSize(1);
    }

    @Test
    void comparesValuesByKindAndByText() {
        assertThat(compare("['<int>','<string>','<bool>','<any>','x']", "[1,'s',true,null,'x']"))
                .isEmpty();
        assertThat(compare("['<int>','<string>']", "['1',1]")).hasSize(2);
        assertThat(compare("{'a':'<matches>[0-9]+'}", "{'a':'12'}")).isEmpty();
        assertThat(compare("{'a':'<matches>[0-9]+'}", "{'a':'12x'}")).hasSize(1);
        assertThat(compare("{'a':1}", "{'a':2}")).containsExactly("$.a is 2, not 1");
    }

    @Test
    void comparesArraysOneByOneOrAllOrOne() {
        assertThat(compare("[1,2]", "[1]")).hasSize(1);
        assertThat(compare("['<each>',{'a':'<int>'}]", "[{'a':1},{'a':'x'}]")).hasSize(1);
        assertThat(compare("['<some>',{'a':2}]", "[{'a':1},{'a':2}]")).isEmpty();
        assertThat(compare("['<some>',{'a':3}]", "[{'a':1},{'a':2}]")).hasSize(1);
    }

    private static List<String> compare(String pattern, String value) {
        return Pattern.compare(
                MAPPER.readTree(pattern.replace('\'', '"')),
                MAPPER.readTree(value.replace('\'', '"')));
    }
}
