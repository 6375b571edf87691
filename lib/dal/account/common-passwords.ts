// The commonest of 10 characters and more in published leaks, and what people make of this place's name.
const common = new Set(
  `1234567890 0123456789 12345678910 123456789a 1234567891 0987654321 9876543210 1111111111 0000000000 1122334455 1212121212
   1q2w3e4r5t 1qaz2wsx3edc q1w2e3r4t5 qwertyuiop qwerty12345 qwerty1234 qwerty123456 qwertyuiop123 asdfghjkl1 asdfghjkl123 zxcvbnm123
   password12 password123 password1234 password12345 passw0rd123 p@ssw0rd123 p@ssword123 mypassword passwordpassword adminadmin
   admin12345 admin123456 administrator iloveyou12 iloveyou123 iloveyou1234 letmein123 letmein1234 welcome123 welcome1234 changeme123
   abcdefghij abcdefghijk abcd123456 abc1234567 a123456789 aa12345678 aa123456789 football123 baseball123 superman123 batman12345
   sunshine123 princess123 monkey12345 dragon12345 trustno1234 starwars123 computer123 internet123 livehouse1 livehouse12
   livehouse123 livestream1 livestream123 streaming123 unknown123 test123456 test1234567 testtest123 qweasdzxc123 q1w2e3r4t5y6
   1q2w3e4r5t6y zaq12wsxcde 147258369a 789456123a 123123123a 1234512345 123454321a 5555555555 6666666666 7777777777 8888888888
   9999999999 2222222222 3333333333 4444444444 aaaaaaaaaa`
    .split(/\s+/)
    .filter(Boolean),
);

/** True for a password that everybody tries first. Expects lower case. */
export function isCommonPassword(password: string): boolean {
  return common.has(password) || new Set(password).size <= 2;
}
