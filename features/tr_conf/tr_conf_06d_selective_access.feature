Feature: TR-Conf.06d Reading a load profile in part
  A selection by time or by number gives exactly the rows and columns that it names.

  @TR-Conf.06d @BI.02.step3 @positive @effect.reads @needs.load_profile @needs.profile_parameters @needs.selective_access_range
  Scenario Outline: TR-Conf.06d-P01 A range of time gives exactly its rows
    Given the reading client is associated
    And the load profile holds rows to select from
    When the head end selects rows by range: "<selection>"
    Then exactly what it names is delivered

    Examples:
      | row           | selection                      |
      | at-rows       | both bounds at rows            |
      | after-a-row   | from a second after a row      |
      | before-a-row  | to a second before a row       |
      | around-rows   | to a second after a row        |
      | one-row       | from and to the same row       |
      | between-rows  | between two rows               |
      | utc           | bounds in UTC                  |
      | no-deviation  | bounds without deviation       |

  @TR-Conf.06d @positive @effect.reads @needs.load_profile @needs.profile_parameters @needs.selective_access_range
  Scenario Outline: TR-Conf.06d-P02 A range gives only the columns that are asked for
    Given the reading client is associated
    And the load profile holds rows to select from
    When the head end selects rows by range: "<selection>"
    Then exactly what it names is delivered

    Examples:
      | row  | selection    |
      | some | some columns |
      | one  | one column   |

  @TR-Conf.06d @positive @effect.reads @needs.load_profile @needs.profile_parameters @needs.selective_access_entry
  Scenario Outline: TR-Conf.06d-P03 Numbers of rows and columns give exactly what they name
    Given the reading client is associated
    And the load profile holds rows to select from
    When the head end selects rows by number: "<selection>"
    Then exactly what it names is delivered

    Examples:
      | row                | selection                 |
      | first              | the first entry           |
      | some               | some entries              |
      | to-last            | from a number to the last |
      | clipped            | to far behind the last    |
      | first-two-columns  | the first two columns     |
      | second-column      | the second column         |
      | from-second-column | from the second column    |

  @TR-Conf.06d @positive @effect.reads @needs.load_profile @needs.profile_parameters @needs.selective_access_range
  Scenario: TR-Conf.06d-P04 A long answer in blocks has the same rows as short ones
    Given the reading client is associated
    And the load profile holds rows to select from
    And long answers come in blocks
    And the newest rows of the load profile are known
    When the head end reads these rows with room for 128 octets in one request and in parts of three
    Then the long answer came in blocks
    And both have the same rows

  @TR-Conf.06d @positive @effect.reads @needs.load_profile @needs.profile_parameters @needs.selective_access_range @needs.bench_time
  Scenario: TR-Conf.06d-P05 A capture in the middle of a long read changes nothing of it
    Given the reading client is associated with room for 128 octets
    And the load profile holds rows to select from
    And long answers come in blocks
    And the newest rows of the load profile are known
    When a capture period passes between the blocks of a long read of these rows
    Then the long read has exactly these rows

  @TR-Conf.06d @negative @effect.reads @needs.load_profile @needs.profile_parameters @needs.selective_access_range
  Scenario Outline: TR-Conf.06d-N01 A range with nothing in it gives nothing
    Given the reading client is associated
    And the load profile holds rows to select from
    When the head end selects rows by range: "<selection>"
    Then no other rows are delivered

    Examples:
      | row              | selection               |
      | reversed         | from after to           |
      | second-too-short | to a second before from |
      | long-ago         | long ago                |
      | far-ahead        | far ahead               |

  @TR-Conf.06d @negative @effect.reads @needs.load_profile @needs.profile_parameters @needs.selective_access_entry
  Scenario Outline: TR-Conf.06d-N02 Numbers that no row has give nothing
    Given the reading client is associated
    And the load profile holds rows to select from
    When the head end selects rows by number: "<selection>"
    Then no other rows are delivered

    Examples:
      | row    | selection             |
      | zero   | entry 0               |
      | beyond | behind the last entry |

  @TR-Conf.06d @negative @effect.reads @needs.load_profile @needs.profile_parameters @needs.selective_access_range
  Scenario Outline: TR-Conf.06d-N03 A selection by what there is not is refused
    Given the reading client is associated
    And the load profile holds rows to select from
    When the head end selects rows by range: "<selection>"
    Then no other rows are delivered

    Examples:
      | row            | selection                     |
      | column         | a column that is not captured |
      | another-object | a range of another column     |
      | selector-3     | selector 3                    |
      | selector-255   | selector 255                  |

  @TR-Conf.06d @negative @effect.reads @needs.load_profile @needs.profile_parameters @needs.selective_access_entry
  Scenario: TR-Conf.06d-N04 Who has not negotiated selective access gets none
    Given the reading client is associated without selective access
    When the head end selects a row all the same
    Then no other rows are delivered
